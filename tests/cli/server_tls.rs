//! TLS on the way to a ledger on a server.

use crate::server::{Server, tls};
use crate::support::Folder;
use std::io::{Read, Write};
use std::net::TcpListener;

const NOW: [&str; 2] = ["--now", "2026-11-21T16:30:00Z"];

fn verify<'f>(folder: &'f Folder, address: &str, token: &str) -> crate::support::Call<'f> {
    folder.call(&[
        "verify", "--ledger", address, NOW[0], NOW[1], "--print", "status", token,
    ])
}

#[test]
fn a_server_that_wants_tls_gets_it_and_proves_who_it_is() {
    let Some(server) = Server::with_tls() else { return };
    let folder = Folder::new();
    let token = folder.token(&["customer_id=1"]);
    for (name, text) in [
        ("ca.pem", server.authority()),
        ("other.pem", &tls::Made::new().authority),
    ] {
        folder.write(name, text);
    }
    server.tell("postgres", "CREATE DATABASE links");
    let address = |host: &str, query: &str| format!("postgres://keeper@{host}:{}/links{query}", server.port());
    for query in [
        "",
        "?sslmode=prefer",
        "?sslmode=require",
        "?sslmode=verify-full&sslrootcert=ca.pem",
    ] {
        verify(&folder, &address("localhost", query), &token)
            .run()
            .done()
            .prints("valid\n");
    }
    for (host, query) in [
        // the certificate is for localhost
        ("127.0.0.1", "?sslmode=verify-full&sslrootcert=ca.pem"),
        ("localhost", "?sslmode=verify-full&sslrootcert=other.pem"),
        // the system knows nothing of it
        ("localhost", "?sslmode=verify-full&sslrootcert=system"),
    ] {
        let refused = verify(&folder, &address(host, query), &token);
        refused
            .refused(3, "the server's certificate is not trusted", "sslrootcert=FILE")
            .prints("");
    }
    let clear = verify(&folder, &address("localhost", "?sslmode=disable"), &token);
    clear
        .refused(3, "the server refuses the login", "check the user")
        .prints("");
}

#[test]
fn nothing_is_said_to_a_server_that_does_not_speak_tls() {
    let folder = Folder::new();
    let token = folder.token(&["customer_id=1"]);
    for (host, query, message) in [
        (
            "localhost",
            "?sslmode=require",
            "the server does not speak TLS, and the address asks for it",
        ),
        ("0.0.0.0", "", "the connection to 0.0.0.0 would not be encrypted"),
        (
            "0.0.0.0",
            "?sslmode=prefer",
            "the connection to 0.0.0.0 would not be encrypted",
        ),
    ] {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("bound").port();
        let heard = std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().expect("somebody asks");
            let mut request = [0; 8];
            stream.read_exact(&mut request).expect("a request for TLS");
            stream.write_all(b"N").expect("sent");
            let mut rest = Vec::new();
            let _ = stream.read_to_end(&mut rest);
            rest
        });
        let address = format!("postgres://shop@{host}:{port}/links{query}");
        verify(&folder, &address, &token)
            .refused(3, message, "switch TLS on in the server")
            .prints("");
        assert_eq!(heard.join().expect("no panic"), [0; 0], "{address}");
    }
}

#[test]
fn what_is_asked_of_tls_must_be_understood() {
    let folder = Folder::new();
    let token = folder.token(&["customer_id=1"]);
    folder.write("empty.pem", "");
    for (query, message, hint) in [
        ("sslmode=verify-ca", "sslmode is none of disable", "verify-full checks"),
        (
            "sslmode=require&sslrootcert=empty.pem",
            "the certificates to trust can't be used",
            "sslrootcert=FILE",
        ),
        (
            "sslmode=verify-full&sslrootcert=empty.pem",
            "the certificates to trust can't be used",
            "sslrootcert=FILE",
        ),
        (
            "sslmode=verify-full&sslrootcert=none.pem",
            "the certificates to trust can't be used",
            "sslrootcert=FILE",
        ),
    ] {
        let address = format!("postgres://shop@localhost:1/links?{query}");
        verify(&folder, &address, &token).refused(3, message, hint).prints("");
    }
}
