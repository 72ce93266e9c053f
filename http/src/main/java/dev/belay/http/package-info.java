/** Bytes and messages on Vert.x: tunnels, SOCKS, replay of bodies, hint headers. */
@org.jspecify.annotations.NullMarked
package dev.belay.http;
