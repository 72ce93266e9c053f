/** {@code belay run} and its like: runs of agents, how they are followed and told. */
@NullMarked
package dev.belay.server.cli.flow;

import org.jspecify.annotations.NullMarked;
