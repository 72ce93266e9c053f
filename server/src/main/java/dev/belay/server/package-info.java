/** The server and the command line. */
@org.jspecify.annotations.NullMarked
package dev.belay.server;
