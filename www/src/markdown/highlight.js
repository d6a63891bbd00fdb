/** The syntax highlighter. The page loads this file when the first code block in a known language appears. */

import { tokenizeWith } from '@speed-highlight/core/tokenize'
import bash from '@speed-highlight/core/languages/bash.js'
import c from '@speed-highlight/core/languages/c.js'
import css from '@speed-highlight/core/languages/css.js'
import diff from '@speed-highlight/core/languages/diff.js'
import go from '@speed-highlight/core/languages/go.js'
import html from '@speed-highlight/core/languages/html.js'
import java from '@speed-highlight/core/languages/java.js'
import js from '@speed-highlight/core/languages/js.js'
import jsdoc from '@speed-highlight/core/languages/jsdoc.js'
import json from '@speed-highlight/core/languages/json.js'
import py from '@speed-highlight/core/languages/py.js'
import regex from '@speed-highlight/core/languages/regex.js'
import rs from '@speed-highlight/core/languages/rs.js'
import toml from '@speed-highlight/core/languages/toml.js'
import ts from '@speed-highlight/core/languages/ts.js'
import xml from '@speed-highlight/core/languages/xml.js'
import yaml from '@speed-highlight/core/languages/yaml.js'

const languages = { bash, c, css, diff, go, html, java, js, jsdoc, json, py, regex, rs, toml, ts, xml, yaml }

/** Splits code into `[text, type]` pieces. `language`: a name from `languages.js`. */
export function highlight(code, language) {
  const pieces = []
  tokenizeWith(code, languages[language], (text, type) => text !== '' && pieces.push([text, type]), { languages })
  return pieces
}
