/** Scripted servers that fail on real sockets. */
@org.jspecify.annotations.NullMarked
package dev.belay.testkit;
