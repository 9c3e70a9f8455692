//! The Wasm entry: hydrates what the server sent, nothing else.

/// Called by the page once the module is there.
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    // Words for a panic weigh 0.7 kB (brotli): in a release the browser's own `unreachable` will do.
    #[cfg(debug_assertions)]
    console_error_panic_hook::set_once();
    leptos::mount::hydrate_body(app::App);
}
