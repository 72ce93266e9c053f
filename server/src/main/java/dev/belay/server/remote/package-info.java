/**
 * The other end of the control port: what a program needs to talk to a server that runs elsewhere.
 */
@NullMarked
package dev.belay.server.remote;

import org.jspecify.annotations.NullMarked;
