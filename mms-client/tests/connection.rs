//! Connections over TLS that do not come about, and what follows.
#![cfg(feature = "rustls")]
#![expect(clippy::unwrap_used, reason = "a failed unwrap fails the test at the right line")]

use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use mms_client::{BaseUrl, Client, ConnectPhase, Error, RetryPolicy};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

/// Calls a server that is spoken to over TLS, twice at most. The time for a connection is short, and an attempt has more.
async fn call(address: SocketAddr) -> Error {
    call_host(&address.to_string()).await
}

/// Calls a server by the name of its host, in the same way.
async fn call_host(address: &str) -> Error {
    let url: BaseUrl = format!("https://{address}/api/v2").parse().unwrap();
    let client = Client::builder(url, "token".parse().unwrap())
        .connect_timeout(Duration::from_millis(50))
        .timeout(Duration::from_secs(5))
        .retry(RetryPolicy { attempts: 2, base: Duration::ZERO, ..RetryPolicy::default() })
        .build()
        .unwrap();
    client.list_regions().send().await.unwrap_err()
}

/// Starts a server that answers the first bytes of every connection with these, closes it, and counts.
fn answering(bytes: &'static [u8]) -> (SocketAddr, Arc<AtomicU32>) {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let address = listener.local_addr().unwrap();
    let connections = Arc::new(AtomicU32::new(0));
    let count = connections.clone();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            count.fetch_add(1, Ordering::SeqCst);
            let _ = stream.read(&mut [0; 4096]);
            let _ = stream.write_all(bytes);
        }
    });
    (address, connections)
}

#[tokio::test]
async fn a_connection_that_is_not_made_in_time_is_tried_again_and_is_an_error_from_before_sending() {
    // The system takes the connection, and nobody answers the greeting of TLS.
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let error = call(listener.local_addr().unwrap()).await;
    assert!(error.is_connect() && error.is_timeout() && !error.maybe_sent() && error.is_retryable(), "{error}");
    assert_eq!(error.attempts(), 2);
}

#[tokio::test]
async fn a_greeting_that_breaks_off_is_tried_again() {
    let (address, connections) = answering(b"");
    let error = call(address).await;
    assert!(error.is_connect() && !error.maybe_sent() && error.is_retryable(), "{error}");
    assert_eq!((error.attempts(), connections.load(Ordering::SeqCst)), (2, 2));
}

#[tokio::test]
async fn another_protocol_and_a_refused_greeting_are_never_tried_again() {
    // Plain HTTP, and what TLS says where two sides have no cipher in common.
    for bytes in [&b"HTTP/1.1 400 Bad Request\r\n\r\n"[..], b"\x15\x03\x03\x00\x02\x02\x28"] {
        let (address, connections) = answering(bytes);
        let error = call(address).await;
        assert!(error.is_connect() && !error.maybe_sent() && !error.is_retryable(), "{error}");
        assert_eq!((error.attempts(), connections.load(Ordering::SeqCst)), (1, 1), "{error}");
    }
}

/// Starts a server that speaks TLS with a certificate, and counts connections and the bytes of requests.
fn certified(certificate: &'static [u8]) -> (SocketAddr, Arc<AtomicU32>, Arc<AtomicU32>) {
    let key = PrivateKeyDer::from_pem_slice(include_bytes!("tls/key.pem")).unwrap();
    let chain = vec![CertificateDer::from_pem_slice(certificate).unwrap()];
    let config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()));
    let config = config.with_safe_default_protocol_versions().unwrap().with_no_client_auth();
    let config = Arc::new(config.with_single_cert(chain, key).unwrap());
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let address = listener.local_addr().unwrap();
    let (connections, bytes) = (Arc::new(AtomicU32::new(0)), Arc::new(AtomicU32::new(0)));
    let (count, received) = (connections.clone(), bytes.clone());
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            count.fetch_add(1, Ordering::SeqCst);
            let mut stream = StreamOwned::new(ServerConnection::new(config.clone()).unwrap(), stream.unwrap());
            // The client breaks off, which is an error here.
            let read = stream.read(&mut [0; 4096]).unwrap_or_default();
            received.fetch_add(read.try_into().unwrap(), Ordering::SeqCst);
        }
    });
    (address, connections, bytes)
}

#[tokio::test]
async fn a_certificate_that_nobody_vouches_for_is_an_error_at_once_and_no_request_leaves() {
    for certificate in [&include_bytes!("tls/untrusted.pem")[..], include_bytes!("tls/expired.pem")] {
        let (address, connections, bytes) = certified(certificate);
        let error = call(address).await;
        assert!(error.is_connect() && !error.maybe_sent() && !error.is_retryable(), "{error}");
        assert!(error.to_string().contains("certificate"), "{error}");
        assert_eq!((error.attempts(), connections.load(Ordering::SeqCst)), (1, 1), "{error}");
        assert_eq!(bytes.load(Ordering::SeqCst), 0);
    }
}

#[tokio::test]
async fn an_error_names_the_phase_at_which_no_connection_came_about() {
    // A port that was free a moment ago may be another test's.
    let closed = SocketAddr::from((Ipv4Addr::LOCALHOST, 1));
    // Reserved for names that nobody has (RFC 6761).
    assert_eq!(call_host("nobody.invalid").await.connect_phase(), Some(ConnectPhase::Resolve));
    assert_eq!(call(closed).await.connect_phase(), Some(ConnectPhase::Connect));
    for bytes in [&b""[..], b"HTTP/1.1 400 Bad Request\r\n\r\n"] {
        assert_eq!(call(answering(bytes).0).await.connect_phase(), Some(ConnectPhase::Tls), "{bytes:?}");
    }
    let (address, ..) = certified(include_bytes!("tls/expired.pem"));
    assert_eq!(call(address).await.connect_phase(), Some(ConnectPhase::Tls));
}
