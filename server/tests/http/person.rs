//! Somebody with a browser without scripts: cookies, forms, and a mailbox.

use crate::site::{Answer, Ask, Site};
use http::Method;
use server::{secrets::Secrets, store::Store};
use std::{collections::BTreeMap, time::Duration};

/// A good password.
pub(crate) const PASSWORD: &str = "Vent-du-Nord-4711";
/// Another one.
pub(crate) const ANOTHER: &str = "Vent-du-Sud-8152";
/// Milliseconds of a second and a minute.
pub(crate) const SECOND: i64 = 1000;
pub(crate) const MINUTE: i64 = 60 * SECOND;

/// A browser and whoever sits before it.
#[derive(Clone)]
pub(crate) struct Person<'a> {
    site: &'a Site,
    pub(crate) jar: BTreeMap<String, String>,
    pub(crate) agent: &'static str,
    /// Headers that a proxy adds.
    pub(crate) headers: Vec<(&'static str, String)>,
}

/// A letter as it was composed.
#[derive(Clone, Debug)]
pub(crate) struct Post {
    pub(crate) subject: String,
    pub(crate) text: String,
    pub(crate) html: String,
}

impl Post {
    /// The code in it.
    pub(crate) fn code(&self) -> String {
        let mut codes = self.text.rsplit(|c: char| !c.is_ascii_digit()).filter(|digits| digits.len() == 6);
        codes.next().unwrap_or_else(|| panic!("no code in {self:?}")).to_owned()
    }
}

impl Site {
    /// Somebody new.
    pub(crate) fn person(&self) -> Person<'_> {
        let agent = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
        Person { site: self, jar: BTreeMap::new(), agent, headers: Vec::new() }
    }

    /// The letters to that address, oldest first, once there are at least `count`.
    pub(crate) async fn letters_to(&self, email: &str, count: usize) -> Vec<Post> {
        for _ in 0..400 {
            let letters = self.letters(email).await;
            if letters.len() >= count {
                return letters;
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        panic!("{count} letters to {email} do not come: {:?}", self.letters(email).await)
    }

    async fn letters(&self, email: &str) -> Vec<Post> {
        let data = self.folder.0.join("data");
        let secrets = Secrets::open(&data.join("secret.key")).expect("there is a key");
        let mut kept = self.store().await.kept_letters(10_000).await.expect("they are listed");
        kept.retain(|letter| letter.to == email);
        kept.reverse();
        let opened = kept.into_iter().map(|letter| {
            let shown = secrets.unseal(&letter.id, &letter.sealed).expect("it is opened");
            let shown: serde_json::Value = serde_json::from_slice(&shown).expect("it is JSON");
            let text = |key: &str| shown[key].as_str().unwrap_or_else(|| panic!("{key} of {shown}")).to_owned();
            Post { subject: text("subject"), text: text("text"), html: text("html") }
        });
        opened.collect()
    }

    /// The store under the running server.
    pub(crate) async fn store(&self) -> Store {
        Store::open(&self.database, &self.folder.0.join("data")).await.expect("it opens")
    }
}

impl Person<'_> {
    fn ask(&self, method: Method, path: &str) -> Ask {
        let cookies: Vec<String> = self.jar.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let mut ask = self.site.ask(method, path).browser().header("user-agent", self.agent);
        if !cookies.is_empty() {
            ask = ask.header("cookie", &cookies.join("; "));
        }
        for (name, value) in &self.headers {
            ask = ask.header(name, value);
        }
        ask
    }

    /// Asks for something as a program does that has the browser's cookies.
    pub(crate) fn fetches(&self, path: &str) -> Ask {
        self.ask(Method::GET, path)
    }

    /// Asks for something to be made.
    pub(crate) fn orders(&self, path: &str) -> Ask {
        self.ask(Method::POST, path)
    }

    /// Asks what there would be.
    pub(crate) async fn ask_head(&self, path: &str) -> Answer {
        self.ask(Method::HEAD, path).send().await
    }

    /// Keeps the cookies an answer sets.
    fn keep(&mut self, answer: &Answer) {
        for cookie in answer.headers.get_all("set-cookie") {
            let cookie = cookie.to_str().expect("ASCII");
            let (pair, attributes) = cookie.split_once(';').unwrap_or((cookie, ""));
            let (name, value) = pair.split_once('=').expect("a pair");
            if attributes.contains("Max-Age=0") {
                self.jar.remove(name);
            } else {
                self.jar.insert(name.to_owned(), value.to_owned());
            }
        }
    }

    /// Opens a page and follows where it leads.
    pub(crate) async fn opens(&mut self, path: &str) -> Answer {
        let mut path = path.to_owned();
        for _ in 0..5 {
            let answer = self.ask(Method::GET, &path).send().await;
            self.keep(&answer);
            if !answer.status.is_redirection() {
                return answer;
            }
            path = answer.header("location");
        }
        panic!("it leads in circles: {path}")
    }

    /// Sends a form; where it leads.
    pub(crate) async fn sends(&mut self, form: &str, fields: &[(&str, &str)]) -> String {
        let answer = self.posts(form, fields).await.is(303);
        answer.header("location")
    }

    /// Sends a form; the bare answer.
    pub(crate) async fn posts(&mut self, form: &str, fields: &[(&str, &str)]) -> Answer {
        let mut body = form_urlencoded::Serializer::new(String::new());
        if fields.iter().all(|(name, _)| *name != "lang") {
            body.append_pair("lang", "fr");
        }
        let body = body.extend_pairs(fields).finish();
        let ask = self.ask(Method::POST, &format!("/api/account/{form}"));
        let ask = ask.header("content-type", "application/x-www-form-urlencoded").body(body);
        let answer = ask.send().await;
        self.keep(&answer);
        answer
    }

    /// Sends a form to an address of its own; the bare answer.
    pub(crate) fn sends_to(&self, path: &str, fields: &[(&str, &str)]) -> Ask {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        self.ask(Method::POST, path).header("content-type", "application/x-www-form-urlencoded").body(body)
    }

    /// Sends a file in a form to an address of its own.
    pub(crate) fn sends_file_to(&self, path: &str, field: &str, content: &[u8]) -> Ask {
        let head = format!("--edge\r\nContent-Disposition: form-data; name=\"{field}\"; filename=\"f\"\r\n\r\n");
        let body = [head.as_bytes(), content, b"\r\n--edge--\r\n"].concat();
        self.ask(Method::POST, path).header("content-type", "multipart/form-data; boundary=edge").body(body)
    }

    /// Sends a form and reads the page it leads to.
    pub(crate) async fn reads(&mut self, form: &str, fields: &[(&str, &str)]) -> String {
        let location = self.sends(form, fields).await;
        self.opens(&location).await.is(200).text()
    }

    /// Registers, up to the letter.
    pub(crate) async fn registers(&mut self, email: &str, password: &str) -> String {
        self.sends("register", &[("email", email), ("password", password), ("terms", "1")]).await
    }

    /// Has an account, and is signed in.
    pub(crate) async fn joins(&mut self, email: &str) -> String {
        let before = self.site.letters(email).await.len();
        assert_eq!(self.registers(email, PASSWORD).await, "/fr/account/verify");
        let code = self.site.letters_to(email, before + 1).await.last().expect("a letter").code();
        let location = self.sends("verify", &[("code", &code)]).await;
        assert_eq!(location, "/fr/account/welcome");
        self.jar["session"].clone()
    }

    /// Signs in; where that leads.
    pub(crate) async fn signs_in(&mut self, email: &str, password: &str) -> String {
        self.sends("sign-in", &[("email", email), ("password", password)]).await
    }

    /// Whether the bar of a page names the account.
    pub(crate) async fn is_signed_in(&mut self) -> bool {
        self.opens("/fr/plan")
            .await
            .is(200)
            .text()
            .contains("<a class=\"bar__account\" rel=\"external\" href=\"/fr/account\"")
    }
}
