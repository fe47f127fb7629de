'use strict';
const table = document.getElementById('heat-map');
const body = table.tBodies[0];
const heads = [...table.tHead.rows[0].cells];
const filter = document.getElementById('filter');
const shown = document.getElementById('shown');

function value(row, column) {
  const cell = row.cells[column];
  return cell.dataset.sort === undefined ? cell.textContent : Number(cell.dataset.sort || -2);
}

function sort(column) {
  const wasAscending = heads[column].getAttribute('aria-sort') === 'ascending';
  const sign = wasAscending ? -1 : 1;
  heads.forEach(head => head.removeAttribute('aria-sort'));
  heads[column].setAttribute('aria-sort', wasAscending ? 'descending' : 'ascending');
  const compare = (one, other) => {
    const [a, b] = [value(one, column), value(other, column)];
    return sign * (typeof a === 'number' ? a - b : a.localeCompare(b));
  };
  body.append(...[...body.rows].sort(compare));
}

heads.forEach((head, column) => {
  const button = document.createElement('button');
  button.type = 'button';
  button.textContent = head.textContent;
  button.addEventListener('click', () => sort(column));
  head.replaceChildren(button);
});

filter.addEventListener('input', () => {
  const wanted = filter.value.toLowerCase();
  let count = 0;
  for (const row of body.rows) {
    row.hidden = !row.cells[0].textContent.toLowerCase().includes(wanted);
    count += row.hidden ? 0 : 1;
  }
  shown.textContent = wanted === '' ? '' : `${count} of ${body.rows.length}`;
});

// The Tab key reaches the students. Arrow keys reach the cells beside, above and below.
body.querySelectorAll('td a').forEach(link => { link.tabIndex = -1; });
const steps = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };

body.addEventListener('keydown', event => {
  const step = steps[event.key];
  const cell = event.target.closest('td, th');
  if (!step || !cell) return;
  event.preventDefault();
  const rows = [...body.rows].filter(row => !row.hidden);
  let [row, column] = [rows.indexOf(cell.parentElement), cell.cellIndex];
  do {
    row += step[0];
    column += step[1];
  } while (rows[row]?.cells[column] && !rows[row].cells[column].querySelector('a'));
  rows[row]?.cells[column]?.querySelector('a').focus();
});
