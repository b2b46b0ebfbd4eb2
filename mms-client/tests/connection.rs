//! How long a connection may take to be made.
#![cfg(feature = "rustls")]

use std::net::{Ipv4Addr, TcpListener};
use std::time::Duration;

use mms_client::{BaseUrl, Client, RetryPolicy};

#[tokio::test]
async fn a_connection_that_is_not_made_in_time_is_an_error_from_before_sending() {
    // The system takes the connection, and nobody answers the greeting of TLS.
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let url: BaseUrl = format!("https://{}/api/v2", listener.local_addr().unwrap()).parse().unwrap();
    let client = Client::builder(url, "token".parse().unwrap())
        .connect_timeout(Duration::from_millis(50))
        .timeout(Duration::from_secs(5))
        .retry(RetryPolicy::never())
        .build()
        .unwrap();
    let error = client.list_regions().send().await.unwrap_err();
    assert!(error.is_connect() && error.is_timeout() && !error.maybe_sent(), "{error}");
}
