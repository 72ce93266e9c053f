@NullMarked
package dev.belay.server.cli.proxy;

import org.jspecify.annotations.NullMarked;
