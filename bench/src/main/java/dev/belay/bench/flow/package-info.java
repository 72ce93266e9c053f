/** What a runner of plans costs beside the agents that do the work. */
@org.jspecify.annotations.NullMarked
package dev.belay.bench.flow;
