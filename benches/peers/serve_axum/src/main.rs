//! The least that a service of axum can do: it says hello to everybody. `serve_axum PORT`

use axum::Router;
use tokio::net::TcpListener;

fn main() {
    let port = std::env::args().nth(1).expect("a port");
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(async {
        let listener = TcpListener::bind(format!("127.0.0.1:{port}"))
            .await
            .expect("the port is free");
        axum::serve(listener, Router::new().fallback(|| async { "hello" }))
            .await
            .expect("it serves");
    });
}
