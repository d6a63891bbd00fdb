//! The throughput of the pure core in bytes per second, for messages, frames and batches, beside `memchr` over the same bytes.

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use flowise_stream::{batch::Batch, frame::Frame, sse::Decoder};

/// What a stream consists of, about a megabyte of it.
fn streams() -> Vec<(&'static str, Vec<u8>)> {
    let repeated = |block: &str| block.repeat((1 << 20) / block.len()).into_bytes();
    let text = "The quick brown fox jumps over the lazy dog. ".repeat(200);
    vec![
        (
            "tokens",
            repeated("message:\ndata:{\"event\":\"token\",\"data\":\" token\"}\n\n"),
        ),
        (
            "escaped tokens",
            repeated("message:\ndata:{\"event\":\"token\",\"data\":\"\\n\\\"a\\\"\"}\n\n"),
        ),
        (
            "Chinese tokens",
            repeated("message:\ndata:{\"event\":\"token\",\"data\":\"\u{4f60}\u{597d}\"}\n\n"),
        ),
        (
            "objects",
            repeated(&format!(
                "data:{{\"event\":\"agentReasoning\",\"data\":[{{\"messages\":[\"{text}\"]}}]}}\n\n"
            )),
        ),
        (
            "one event",
            format!(
                "data:{{\"event\":\"artifacts\",\"data\":[\"{}\"]}}\n\n",
                text.repeat(116)
            )
            .into_bytes(),
        ),
        (
            "several lines",
            repeated("event: add\ndata: first line\ndata: second line\nid: 7\n\n"),
        ),
    ]
}

fn chunk_sizes(c: &mut Criterion, group: &str, mut decode: impl FnMut(&[u8], usize)) {
    let mut group = c.benchmark_group(group);
    for (name, stream) in streams() {
        group.throughput(Throughput::Bytes(stream.len() as u64));
        for size in [64, 1400, 65_536] {
            group.bench_with_input(BenchmarkId::new(name, size), &stream, |b, stream| {
                b.iter(|| decode(stream, size))
            });
        }
    }
}

fn messages(c: &mut Criterion) {
    chunk_sizes(c, "messages", |stream, size| {
        let mut decoder = Decoder::new();
        for chunk in stream.chunks(size) {
            decoder.push(chunk);
            while let Some(message) = decoder.next_message() {
                black_box(message.expect("no limit is reached").data_bytes());
            }
        }
    });
}

fn frames(c: &mut Criterion) {
    chunk_sizes(c, "frames", |stream, size| {
        let mut decoder = Decoder::new();
        for chunk in stream.chunks(size) {
            decoder.push(chunk);
            while let Some(message) = decoder.next_message() {
                black_box(Frame::parse(&message.expect("no limit is reached").data()));
            }
        }
    });
}

fn batches(c: &mut Criterion) {
    let mut batch = Batch::new();
    chunk_sizes(c, "batches", |stream, size| {
        let mut decoder = Decoder::new();
        for chunk in stream.chunks(size) {
            decoder.push(chunk);
            while batch.fill(&mut decoder) {
                black_box(batch.text());
            }
            black_box(batch.text());
        }
    });
}

/// What no decoder can beat: looking for the line ends, and nothing else.
fn line_ends(c: &mut Criterion) {
    let mut group = c.benchmark_group("memchr");
    for (name, stream) in streams() {
        group.throughput(Throughput::Bytes(stream.len() as u64));
        group.bench_with_input(BenchmarkId::from_parameter(name), &stream, |b, stream| {
            b.iter(|| memchr::memchr2_iter(b'\n', b'\r', stream).count());
        });
    }
}

criterion_group!(benches, messages, frames, batches, line_ends);
criterion_main!(benches);
