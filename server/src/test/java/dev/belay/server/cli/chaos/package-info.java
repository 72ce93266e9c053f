@NullMarked
package dev.belay.server.cli.chaos;

import org.jspecify.annotations.NullMarked;
