@NullMarked
package dev.belay.server.cli;

import org.jspecify.annotations.NullMarked;
