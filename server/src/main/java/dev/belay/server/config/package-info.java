/**
 * The configuration: {@code belay.yaml} in, one immutable {@link
 * dev.belay.server.config.BelayConfig} out, or everything that is wrong with the file at once.
 * Reading is a function of the file and the environment and keeps nothing, so that a server can
 * read again while it runs.
 */
@NullMarked
package dev.belay.server.config;

import org.jspecify.annotations.NullMarked;
