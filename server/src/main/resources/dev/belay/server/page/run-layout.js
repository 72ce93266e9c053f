// Where the tasks of a plan stand in its drawing. A task stands one column to the right of the last
// that it needs; within a column, near what it is tied to.

const SWEEPS = 2;

/** `tasks` have `task` and `needs`. Gives the columns, each a list of names from top to bottom. */
export function layers(tasks) {
  const needs = new Map(tasks.map((task) => [task.task, task.needs ?? []]));
  const users = new Map(tasks.map((task) => [task.task, []]));
  for (const [task, all] of needs) for (const need of all) users.get(need)?.push(task);
  const levels = level(needs, users);
  const columns = [];
  for (const { task } of tasks) (columns[levels.get(task)] ??= []).push(task);
  for (let i = 0; i < SWEEPS; i++) {
    for (let column = 1; column < columns.length; column++) sort(columns[column], needs, places(columns));
    for (let column = columns.length - 2; column >= 0; column--) sort(columns[column], users, places(columns));
  }
  return { columns, users };
}

/** The longest way to each task from one that needs nothing. */
function level(needs, users) {
  const levels = new Map();
  const open = new Map([...needs].map(([task, all]) => [task, all.filter((need) => needs.has(need)).length]));
  const ready = [...needs.keys()].filter((task) => open.get(task) === 0);
  for (const task of ready) levels.set(task, 0);
  for (let i = 0; i < ready.length; i++) {
    for (const user of users.get(ready[i])) {
      levels.set(user, Math.max(levels.get(user) ?? 0, levels.get(ready[i]) + 1));
      open.set(user, open.get(user) - 1);
      if (open.get(user) === 0) ready.push(user);
    }
  }
  return levels;
}

/** The place of each task within its column, 0 to 1. */
function places(columns) {
  const all = new Map();
  for (const column of columns) column.forEach((task, place) => all.set(task, (place + 0.5) / column.length));
  return all;
}

/** By the mean place of what each is tied to; what is tied to nothing stays where it was. */
function sort(column, ties, at) {
  const wish = new Map(column.map((task) => {
    const tied = ties.get(task).filter((other) => at.has(other));
    return [task, tied.length ? tied.reduce((sum, other) => sum + at.get(other), 0) / tied.length : at.get(task)];
  }));
  column.sort((a, b) => wish.get(a) - wish.get(b));
}

/** Pixels: `{width, height, nodes: Map(task → {x, y, column, place})}`. */
export function place(columns, { width, height, across, down, edge }) {
  const tallest = Math.max(1, ...columns.map((column) => column.length));
  const nodes = new Map();
  columns.forEach((tasks, column) => {
    const top = edge + ((tallest - tasks.length) * (height + down)) / 2;
    tasks.forEach((task, place) =>
      nodes.set(task, { x: edge + column * (width + across), y: top + place * (height + down), column, place }));
  });
  return {
    nodes,
    width: 2 * edge + Math.max(1, columns.length) * (width + across) - across,
    height: 2 * edge + tallest * (height + down) - down,
  };
}
