/**
 * Runs a graph of tasks on coding agents, where one failure stays one failure: plans, tasks, roles
 * and what becomes of them. How a task is carried out is in the packages below.
 */
@NullMarked
package dev.belay.flow;

import org.jspecify.annotations.NullMarked;
