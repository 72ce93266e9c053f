/** {@code belay proxy}: proxies of a running server, and lists of them. */
@NullMarked
package dev.belay.server.cli.proxy;

import org.jspecify.annotations.NullMarked;
