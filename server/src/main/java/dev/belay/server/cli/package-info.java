/**
 * The command line: one class for each verb, in the package of its room, all listed in {@link
 * dev.belay.server.cli.Main}. A verb prints to the {@link dev.belay.server.cli.shared.Terminal} it
 * was given and returns an exit code; only {@code main} ends the process.
 */
@NullMarked
package dev.belay.server.cli;

import org.jspecify.annotations.NullMarked;
