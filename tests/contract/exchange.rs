//! HTTP exchange without the client: what a server answers, as it is.

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// A request, below the API root.
#[derive(Debug, Clone)]
pub(crate) struct Request<'a> {
    pub(crate) method: &'a str,
    pub(crate) target: &'a str,
    pub(crate) token: Option<&'a str>,
    /// Media type and body.
    pub(crate) body: Option<(&'a str, &'a str)>,
}

/// An answer as it came.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    /// The `content-type`; empty where there is none.
    pub(crate) media_type: String,
    pub(crate) body: String,
}

impl Request<'_> {
    /// Sends the request to an API root such as `http://127.0.0.1:8787/api/v2` and reads the answer to its end.
    pub(crate) async fn send(&self, base_url: &str) -> Reply {
        let (host, root) = base_url.strip_prefix("http://").unwrap().split_once('/').unwrap();
        let token = self.token.map(|token| format!("authorization: Token {token}\r\n")).unwrap_or_default();
        let (media_type, body) = self.body.unzip();
        let media_type = media_type.map(|media_type| format!("content-type: {media_type}\r\n")).unwrap_or_default();
        let body = body.unwrap_or_default();
        let text = format!(
            "{} /{root}{} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n{token}{media_type}\
             content-length: {}\r\n\r\n{body}",
            self.method,
            self.target,
            body.len(),
        );
        let mut stream = TcpStream::connect(host).await.unwrap();
        stream.write_all(text.as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        Reply::parse(&answer)
    }
}

impl Reply {
    fn parse(answer: &str) -> Self {
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        let field = |wanted: &str| {
            let fields = head.lines().filter_map(|line| line.split_once(": "));
            fields.filter(|(name, _)| name.eq_ignore_ascii_case(wanted)).map(|(_, value)| value.to_owned()).next()
        };
        assert_eq!(field("content-length"), Some(body.len().to_string()), "{head}");
        Self {
            status: head.split(' ').nth(1).unwrap().parse().unwrap(),
            media_type: field("content-type").unwrap_or_default(),
            body: body.to_owned(),
        }
    }
}
