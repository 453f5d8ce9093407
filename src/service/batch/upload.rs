//! A request's body for a thread that reads as it reads a file.

use axum::body::{Body, BodyDataStream};
use futures_util::StreamExt;
use std::io::{self, Read};
use tokio::sync::mpsc;

/// How many pieces may wait for the reader.
const WAITING: usize = 8;

type Piece = axum::body::Bytes;

/// Why a body ends early.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum UploadError {
    /// It is longer than lists may be.
    #[error("the list is too long")]
    TooLarge,
    /// The client has gone, or stood still for too long.
    #[error("the list was cut off")]
    CutOff,
}

impl UploadError {
    /// The reason behind an I/O error, where it is one of these.
    pub(super) fn of(error: &io::Error) -> Option<Self> {
        error.get_ref()?.downcast_ref().copied()
    }
}

/// Reads what comes.
pub(super) struct Upload {
    pieces: mpsc::Receiver<Result<Option<Piece>, UploadError>>,
    piece: Piece,
    ended: bool,
}

impl Upload {
    /// Has a body of at most so many bytes read as it comes.
    pub(super) fn of(body: Body, most: u64) -> Self {
        let (sender, pieces) = mpsc::channel(WAITING);
        tokio::spawn(pump(body.into_data_stream(), most, sender));
        Self {
            pieces,
            piece: Piece::new(),
            ended: false,
        }
    }
}

async fn pump(mut body: BodyDataStream, most: u64, sender: mpsc::Sender<Result<Option<Piece>, UploadError>>) {
    let mut taken = 0;
    let end = loop {
        let piece = match body.next().await {
            None => break Ok(None),
            Some(Err(_)) => break Err(UploadError::CutOff),
            Some(Ok(piece)) => piece,
        };
        taken += piece.len() as u64;
        if taken > most {
            break Err(UploadError::TooLarge);
        }
        if sender.send(Ok(Some(piece))).await.is_err() {
            return;
        }
    };
    let _ = sender.send(end).await;
}

impl Read for Upload {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.piece.is_empty() && !self.ended {
            // who sends ends it in words
            match self.pieces.blocking_recv().unwrap_or(Err(UploadError::CutOff)) {
                Ok(Some(piece)) => self.piece = piece,
                Ok(None) => self.ended = true,
                Err(error) => return Err(io::Error::other(error)),
            }
        }
        let length = self.piece.len().min(buffer.len());
        buffer[..length].copy_from_slice(&self.piece.split_to(length));
        Ok(length)
    }
}
