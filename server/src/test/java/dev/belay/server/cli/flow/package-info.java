@NullMarked
package dev.belay.server.cli.flow;

import org.jspecify.annotations.NullMarked;
