/** What verbs of all rooms share: terminal, tables, figures, and how to reach a running server. */
@NullMarked
package dev.belay.server.cli.shared;

import org.jspecify.annotations.NullMarked;
