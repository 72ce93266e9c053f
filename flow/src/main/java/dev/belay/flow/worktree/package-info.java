/**
 * A working tree of its own for each attempt at a task, and the way of its work into the target
 * branch: nothing is lost, and the user's checkout and index are never touched.
 */
@NullMarked
package dev.belay.flow.worktree;

import org.jspecify.annotations.NullMarked;
