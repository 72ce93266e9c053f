/** {@code belay demo}: what a newcomer runs first. */
@NullMarked
package dev.belay.server.cli.demo;

import org.jspecify.annotations.NullMarked;
