'use strict';
const messages = JSON.parse(document.getElementById('messages')?.textContent ?? '{}');
const rows = [...document.querySelectorAll('.row')];
const heading = document.getElementById('row');
const dump = document.getElementById('dump');

// The width of 16 bytes with their offset and their text: 71 characters of 13 px.
const WIDE = 71 * 7.9;

function hexDump(bytes, perLine) {
  const lines = [];
  for (let start = 0; start < bytes.length; start += perLine) {
    const part = [...bytes.subarray(start, start + perLine)];
    const hex = part.map(byte => byte.toString(16).padStart(2, '0')).join(' ');
    const text = part.map(byte => byte > 31 && byte < 127 ? String.fromCharCode(byte) : '·').join('');
    lines.push(`${start.toString(16).padStart(4, '0')}  ${hex.padEnd(perLine * 3 - 1)}  ${text}`);
  }
  return lines.join('\n');
}

function show(row) {
  rows.forEach(other => other.classList.toggle('chosen', other === row));
  heading.textContent = row.getAttribute('aria-label');
  const message = messages[row.dataset.row];
  if (!message) {
    dump.textContent = 'This row has no bytes.';
    return;
  }
  const bytes = Uint8Array.from(atob(message.bytes), character => character.charCodeAt(0));
  const missing = message.len - bytes.length;
  const note = missing > 0 ? `\n… ${missing.toLocaleString('en')} more bytes` : '';
  dump.textContent = hexDump(bytes, dump.clientWidth < WIDE ? 8 : 16) + note;
}

function move(event) {
  const at = rows.indexOf(event.currentTarget);
  const steps = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: rows.length - 1 };
  const next = rows[steps[event.key]];
  if (next) {
    event.preventDefault();
    next.focus();
  }
}

for (const row of rows) {
  row.addEventListener('focus', () => show(row));
  row.addEventListener('pointerenter', () => show(row));
  row.addEventListener('keydown', move);
}
const first = document.querySelector('.row.wrong') ?? rows.find(row => messages[row.dataset.row]);
if (first) show(first);
