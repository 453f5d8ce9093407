//! Clients that take their time: each is cut off, however it dawdles, and others are answered.

use linkmint::Keyring;
use linkmint::service::api_key::ApiKeys;
use linkmint::service::connection::{self, Listener};
use linkmint::service::{Limits, Service, Settings, app};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

const SHORT: Duration = Duration::from_millis(150);
/// Longer than any test.
const LONG: Duration = Duration::from_secs(600);

/// A service whose clients have little time, but perhaps much between requests, and a conversation with it.
fn with_service<F: Future<Output = ()>>(idle: Duration, talk: impl FnOnce(SocketAddr) -> F) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.expect("a runtime").block_on(async {
        let limits = Limits {
            head_time: SHORT,
            stall: SHORT,
            idle,
            ..Limits::default()
        };
        let settings = Settings {
            limits,
            ..Settings::default()
        };
        let ring: Keyring = crate::client::ring();
        let service = Service::new(settings, ring, ApiKeys::default(), Arc::new(|| crate::client::NOW));
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("bound");
        let serving = connection::serve(
            Listener::Tcp(listener),
            app(Arc::new(service)),
            limits,
            std::future::pending(),
        );
        let serving = tokio::spawn(serving);
        talk(address).await;
        // and another is answered as ever
        let mut other = TcpStream::connect(address).await.expect("it listens");
        let request = b"GET /livez HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n";
        other.write_all(request).await.expect("sent");
        assert!(rest_of(other).await.starts_with("HTTP/1.1 200 OK\r\n"));
        serving.abort();
    });
}

/// What comes until the connection is closed, which this waits for.
async fn rest_of(mut stream: TcpStream) -> String {
    let mut answer = Vec::new();
    // a connection that is reset is closed as well
    let _ = stream.read_to_end(&mut answer).await;
    String::from_utf8_lossy(&answer).into_owned()
}

#[test]
fn who_says_nothing_is_cut_off() {
    with_service(SHORT, |address| async move {
        let silent = TcpStream::connect(address).await.expect("it listens");
        assert_eq!(rest_of(silent).await, "");
    });
}

#[test]
fn a_head_has_one_time_for_all_of_it() {
    with_service(LONG, |address| async move {
        let mut dripping = TcpStream::connect(address).await.expect("it listens");
        dripping.write_all(b"GET /livez HTTP/1.1\r\nx: ").await.expect("sent");
        let mut byte = [0];
        // a byte now and then keeps no connection open
        let closed = loop {
            let _ = dripping.write_all(b"y").await;
            match tokio::time::timeout(SHORT / 15, dripping.read(&mut byte)).await {
                Err(_) => {}
                Ok(read) => break read,
            }
        };
        assert!(matches!(closed, Ok(0) | Err(_)), "{closed:?}");
    });
}

#[test]
fn a_head_that_stops_and_a_body_that_stops_are_cut_off() {
    for begun in [
        "GET /livez HTT",
        "POST /v1/check HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{\"tok",
    ] {
        with_service(LONG, |address| async move {
            let mut stopped = TcpStream::connect(address).await.expect("it listens");
            stopped.write_all(begun.as_bytes()).await.expect("sent");
            let answer = rest_of(stopped).await;
            assert!(!answer.starts_with("HTTP/1.1 200"), "{answer}");
        });
    }
}

#[test]
fn a_connection_is_used_again_and_closed_when_it_is_idle() {
    with_service(SHORT, |address| async move {
        let mut kept = TcpStream::connect(address).await.expect("it listens");
        let request = b"GET /livez HTTP/1.1\r\nhost: localhost\r\n\r\n";
        // the second comes in two parts
        kept.write_all(request).await.expect("sent");
        let mut begin = [0; 15];
        kept.read_exact(&mut begin).await.expect("an answer");
        assert_eq!(&begin, b"HTTP/1.1 200 OK");
        kept.write_all(&request[..20]).await.expect("sent");
        tokio::task::yield_now().await;
        kept.write_all(&request[20..]).await.expect("sent");
        let rest = rest_of(kept).await;
        assert_eq!(rest.matches("HTTP/1.1 200 OK").count(), 1, "{rest}");
    });
}
