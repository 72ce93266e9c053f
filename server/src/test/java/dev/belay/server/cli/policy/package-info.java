@NullMarked
package dev.belay.server.cli.policy;

import org.jspecify.annotations.NullMarked;
