//! `/{lang}`: what this is, and the ways in.

use crate::{
    browser,
    layout::NotFound,
    plan::contract::{Heading, Outline, Packed, get_outline},
    routes::To,
    site::Site,
    words::{Words, lead},
};
use leptos::prelude::*;
use plan::Lang;

/// The home page.
#[component]
pub(crate) fn Home() -> impl IntoView {
    let Some(lang) = use_context::<Lang>() else { return view! { <NotFound/> }.into_any() };
    let words = Words::of(lang);
    let site = expect_context::<Site>();
    let outline = Resource::new_blocking(|| (), move |()| get_outline(lang));
    browser::set_title(String::new);
    view! {
        <div class="home">
            <section class="hero">
                <h1 class="hero__title">{words.home_title}</h1>
                <p class="hero__lead">{lead(lang, site.organisation.of(lang))}</p>
                <div class="doors">
                    <a class="door" href=To::Plan.href(lang)>
                        <span class="door__title">{words.home_read}</span>
                        <span class="door__text">{words.home_read_text}</span>
                    </a>
                    <a class="door" href=To::Search.href(lang)>
                        <span class="door__title">{words.home_search}</span>
                        <span class="door__text">{words.home_search_text}</span>
                    </a>
                </div>
            </section>
            <Suspense fallback=move || view! { <p class="loading">{words.loading}</p> }>
                {move || Suspend::new(async move {
                    match outline.await {
                        Ok(Packed(outline)) => contents(lang, outline).into_any(),
                        Err(_) => view! { <p role="alert">{words.plan_failed}</p> }.into_any(),
                    }
                })}
            </Suspense>
        </div>
    }
    .into_any()
}

fn contents(lang: Lang, outline: Outline) -> impl IntoView {
    let words = Words::of(lang);
    let figure = |number: usize, label: &'static str, to: To| {
        view! {
            <li class="figure">
                <a href=to.href(lang)>
                    <strong class="figure__number">{number}</strong>
                    <span class="figure__label">{label}</span>
                </a>
            </li>
        }
    };
    let first_measure = outline.sections.iter().find_map(|(_, measures)| measures.first());
    let measures_at = first_measure.map_or(To::Plan, |measure| To::Place(measure.slug.clone()));
    let link = move |heading: Heading| view! { <a href=To::Place(heading.slug).href(lang)>{heading.text}</a> };
    view! {
        <ul class="figures">
            {figure(outline.paragraphs, words.paragraphs, To::Plan)}
            {figure(outline.measures, words.measures, measures_at)}
            {figure(outline.sentences, words.sentences, To::Search)}
        </ul>
        <section class="home__contents">
            <h2>{words.home_contents}</h2>
            <ol class="outline">
                {outline
                    .sections
                    .into_iter()
                    .map(|(section, measures)| {
                        view! {
                            <li>
                                {link(section)}
                                {(!measures.is_empty())
                                    .then(|| {
                                        let measures = measures.into_iter().map(|m| view! { <li>{link(m)}</li> });
                                        view! { <ol>{measures.collect_view()}</ol> }
                                    })}
                            </li>
                        }
                    })
                    .collect_view()}
            </ol>
        </section>
    }
}
