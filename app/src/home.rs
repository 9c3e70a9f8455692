//! `/{lang}`: what this is, and the ways in.

use crate::{
    browser,
    html::Html,
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
    let first_measure = outline.sections.iter().find_map(|(_, measures)| measures.first());
    let measures_at = first_measure.map_or(To::Plan, |measure| To::Place(measure.slug.clone()));
    let mut figures = Html::default();
    for (number, label, to) in [
        (outline.paragraphs, words.paragraphs, To::Plan),
        (outline.measures, words.measures, measures_at),
        (outline.sentences, words.sentences, To::Search),
    ] {
        figures
            .raw("<li class=\"figure\"><a")
            .attribute("href", &to.href(lang))
            .raw("><strong class=\"figure__number\">");
        figures.words(&number.to_string()).raw("</strong> <span class=\"figure__label\">").words(label);
        figures.raw("</span></a></li>");
    }
    let mut list = Html::default();
    let link = |list: &mut Html, heading: &Heading| {
        list.raw("<li><a").attribute("href", &To::Place(heading.slug.clone()).href(lang)).raw(">");
        list.words(&heading.text).raw("</a>");
    };
    for (section, measures) in &outline.sections {
        link(&mut list, section);
        if !measures.is_empty() {
            list.raw("<ol>");
            for measure in measures {
                link(&mut list, measure);
                list.raw("</li>");
            }
            list.raw("</ol>");
        }
        list.raw("</li>");
    }
    view! {
        <ul class="figures" inner_html=figures.0></ul>
        <section class="home__contents">
            <h2>{words.home_contents}</h2>
            <ol class="outline" inner_html=list.0></ol>
        </section>
    }
}
