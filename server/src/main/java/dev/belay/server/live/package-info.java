/** What a running server knows and what can be changed in it while it runs. Knows no HTTP. */
@org.jspecify.annotations.NullMarked
package dev.belay.server.live;
