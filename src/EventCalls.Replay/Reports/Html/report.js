for (const table of document.querySelectorAll('table.sortable')) {
  const heads = [...table.tHead.rows[0].cells];
  heads.forEach((head, column) => {
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = head.textContent;
    head.replaceChildren(button);
    button.addEventListener('click', () => {
      const isDown = head.getAttribute('aria-sort') === 'ascending';
      heads.forEach(other => other.removeAttribute('aria-sort'));
      head.setAttribute('aria-sort', isDown ? 'descending' : 'ascending');
      const text = row => row.cells[column].textContent;
      const rows = [...table.tBodies[0].rows].sort((a, b) => text(a).localeCompare(text(b), 'en', { numeric: true }));
      table.tBodies[0].append(...(isDown ? rows.reverse() : rows));
    });
  });
}
