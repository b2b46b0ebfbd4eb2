//! Configuration of a client: which servers and tokens are taken, and which are refused before anything is sent.

use std::time::Duration;

use mms_client::{ApiToken, BaseUrl, Client, ZoneHost, operation, operations, zones};

/// Returns why a base URL is refused; empty where it is taken.
fn refused(url: &str) -> String {
    url.parse::<BaseUrl>().err().map(|error| error.to_string()).unwrap_or_default()
}

#[test]
fn a_slash_at_the_end_of_a_base_url_is_dropped() {
    for url in ["http://127.0.0.1:8787/api/v2", "http://127.0.0.1:8787/api/v2/", "http://127.0.0.1:8787/api/v2//"] {
        assert_eq!(url.parse::<BaseUrl>().unwrap().as_str(), "http://127.0.0.1:8787/api/v2");
    }
    assert_eq!("https://api.example/".parse::<BaseUrl>().unwrap().as_str(), "https://api.example");
}

#[test]
fn a_base_url_without_a_scheme_is_refused() {
    for url in ["127.0.0.1:8787/api/v2", "localhost:8787/api/v2", "eu1.make.com", "/api/v2", "ftp://eu1.make.com/"] {
        assert_eq!(refused(url), format!("{url:?} does not begin with https:// (or http:// for a loopback address)"));
    }
}

#[test]
fn plain_http_is_for_loopback_addresses_alone() {
    for url in ["http://localhost:1/api", "http://127.0.0.1/api", "http://127.9.9.9/api", "http://[::1]:1/api"] {
        assert!(url.parse::<BaseUrl>().is_ok(), "{url}");
    }
    for url in
        ["http://eu1.make.com/api/v2", "http://10.0.0.1/api", "http://localhost.example/api", "http://0.0.0.0/api"]
    {
        let error = url.parse::<BaseUrl>().unwrap_err();
        assert!(error.is_plain_http(), "{error}");
        assert!(error.to_string().contains(url), "{error}");
        assert_eq!(BaseUrl::parse_allowing_http(url).unwrap().as_str(), url);
    }
}

#[test]
fn a_base_url_with_credentials_or_a_key_is_refused_without_showing_them() {
    for url in [
        "https://user:secret@api.example/api/v2",
        "https://user:secret@api.example:99999/api/v2",
        "ftp://user:secret@api.example/api/v2",
        "user:secret@api.example/api/v2",
        "https://api.example/api/v2?token=secret",
        "https://api.example/api/v2#secret",
    ] {
        let error = url.parse::<BaseUrl>().unwrap_err();
        let shown = format!("{error} {error:?}");
        assert!(!shown.contains("secret") && shown.contains("api.example"), "{shown}");
    }
}

#[test]
fn what_may_be_a_password_or_a_key_is_not_shown_whatever_signs_it_holds() {
    for url in [
        "https://user:se?cret@api.example/api/v2",
        "https://user:se#cret@api.example/api/v2",
        "https://user:cret@se@api.example/api/v2",
        "https://api.example/api/v2?user=a@b&token=cret",
        "https://api.example/api/v2?token=a@cret",
        "https://user:cret@api.example/api/v2?token=cret",
    ] {
        let error = url.parse::<BaseUrl>().unwrap_err();
        let shown = format!("{error} {error:?}");
        assert!(!shown.contains("cret") && !shown.contains("user:"), "{shown}");
    }
}

#[test]
fn a_base_url_that_would_have_to_be_repaired_is_refused() {
    for url in [
        "http:127.0.0.1:1/api/v2",
        "http:/127.0.0.1:1/api/v2",
        "https:///api.example/api/v2",
        "https:\\\\api.example\\api\\v2",
        "https://api.example\\api/v2",
        "https://api.exa\nmple/api/v2",
        "https://api.example/api\r\n/v2",
        "https://api.example/\tapi/v2",
        "https://api.example/api v2",
        "http://127.0.0.1:1//api/v2",
        "http://127.0.0.1:1/api//v2/",
    ] {
        let expected = format!(
            "{url:?} is not spelled as a base URL: write scheme://host/path, without blanks, line breaks, backslashes and \
             empty path segments"
        );
        assert_eq!(refused(url), expected);
        assert!(BaseUrl::parse_allowing_http(url).is_err(), "{url:?}");
    }
}

#[test]
fn blanks_and_a_line_break_around_a_base_url_are_dropped() {
    assert_eq!(" https://api.example/api/v2\r\n".parse::<BaseUrl>().unwrap().as_str(), "https://api.example/api/v2");
    assert_eq!("HTTPS://API.example/api/v2".parse::<BaseUrl>().unwrap().as_str(), "https://api.example/api/v2");
}

#[test]
fn a_base_url_with_a_query_or_a_fragment_is_refused() {
    assert!(refused("https://api.example/api/v2?x=1").contains("query"));
    assert!(refused("https://api.example/api/v2#x").contains("fragment"));
    assert!(refused("https://").contains("is not a URL"));
}

#[test]
fn the_zones_are_the_servers_of_the_contract() {
    let expected = [
        "eu1.make.com",
        "eu2.make.com",
        "us1.make.com",
        "us2.make.com",
        "eu1.make.celonis.com",
        "us1.make.celonis.com",
    ];
    assert_eq!(zones().collect::<Vec<_>>(), expected);
    for zone in expected {
        let zone: ZoneHost = zone.parse().unwrap();
        assert_eq!(BaseUrl::from(zone).as_str(), format!("https://{zone}/api/v2"));
    }
}

#[test]
fn a_wrong_zone_is_refused_with_the_list_of_zones() {
    for zone in ["eu9.make.com", "eu1", "https://eu1.make.com", "eu1.make.com.example", ""] {
        let error = zone.parse::<ZoneHost>().unwrap_err().to_string();
        assert!(error.contains(&format!("{zone:?}")) && error.contains("us2.make.com"), "{error}");
    }
}

#[test]
fn a_token_with_a_line_break_is_refused_without_showing_it() {
    for token in ["secret\n", "secret\r\nX-Header: 1", "sec ret", "Token secret", "sécret", "secret\0"] {
        let error = token.parse::<ApiToken>().unwrap_err().to_string();
        assert!(error.contains("at position") && !error.contains("ret"), "{error}");
    }
    assert_eq!("".parse::<ApiToken>().unwrap_err().to_string(), "the API token is empty");
}

#[test]
fn no_debug_form_shows_the_token() {
    let token: ApiToken = "canary-4711".parse().unwrap();
    let builder = Client::builder("http://127.0.0.1:1/api/v2".parse::<BaseUrl>().unwrap(), token.clone());
    let client = builder.clone().build().unwrap();
    for shown in
        [format!("{token:?}"), format!("{builder:?}"), format!("{client:?}"), format!("{:#?}", client.list_zones())]
    {
        assert!(!shown.contains("canary"), "{shown}");
    }
}

#[test]
fn a_user_agent_that_is_no_header_is_an_error_and_not_a_panic() {
    let url: BaseUrl = "http://127.0.0.1:1/api/v2".parse().unwrap();
    let error = Client::builder(url, "token".parse().unwrap()).user_agent("a\nb").build().unwrap_err();
    assert!(error.to_string().starts_with("the HTTP client cannot be built"), "{error}");
}

#[test]
fn a_user_agent_that_says_nothing_is_refused() {
    for user_agent in ["", " "] {
        let url: BaseUrl = "http://127.0.0.1:1/api/v2".parse().unwrap();
        let error = Client::builder(url, "token".parse().unwrap()).user_agent(user_agent).build().unwrap_err();
        assert_eq!(error.to_string(), "the user agent is empty: Make's edge refuses requests without one");
    }
}

#[test]
fn the_operations_are_those_of_the_contract() {
    let create = operation("create_child_organization").unwrap();
    assert_eq!((create.method, create.scopes), ("POST", &["managed-organizations:write"][..]));
    assert_eq!(operation("delete_child_organization"), None);
    assert!(operations().len() >= 10);
}

#[cfg(feature = "rustls")]
#[test]
fn a_client_for_a_zone_is_built_with_the_certificates_of_the_platform() {
    let zone: ZoneHost = "eu1.make.com".parse().unwrap();
    assert!(Client::builder(zone, "token".parse().unwrap()).build().is_ok());
}

#[cfg(not(feature = "rustls"))]
#[test]
fn https_without_tls_is_an_error_and_not_a_panic() {
    let zone: ZoneHost = "eu1.make.com".parse().unwrap();
    let error = Client::builder(zone, "token".parse().unwrap()).build().unwrap_err();
    assert!(error.to_string().contains("without its feature rustls"), "{error}");
}

#[tokio::test]
async fn the_longest_times_are_as_good_as_none() {
    let sandbox = mms_sandbox::Sandbox::builder().start().await.unwrap();
    let base_url: BaseUrl = sandbox.base_url().parse().unwrap();
    let client = Client::builder(base_url, sandbox.token().parse().unwrap())
        .connect_timeout(Duration::MAX)
        .read_timeout(Duration::MAX)
        .timeout(Duration::MAX)
        .total_timeout(Duration::MAX)
        .build()
        .unwrap();
    let calls = (0..3).map(|_| client.list_regions().send());
    for answer in futures_util::future::join_all(calls).await {
        assert!(!answer.unwrap().imt_regions.is_empty());
    }
}
