#![no_main]
libfuzzer_sys::fuzz_target!(|source: &str| {
    let profile = toml::from_str(include_str!("../../content/plan.toml")).unwrap();
    let names = toml::from_str(include_str!("../../content/entities.toml")).unwrap();
    if let Ok(document) = plan::import::import(source, plan::Lang::Fr, &profile, &names) {
        assert_eq!(plan::akn::read(&plan::akn::write(&document)).unwrap(), document);
    }
});
