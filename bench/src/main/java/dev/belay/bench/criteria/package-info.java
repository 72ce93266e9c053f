/** The success criteria of the proxy system as experiments: simulated, and once on sockets. */
@org.jspecify.annotations.NullMarked
package dev.belay.bench.criteria;
