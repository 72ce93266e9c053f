@NullMarked
package dev.belay.server.config;

import org.jspecify.annotations.NullMarked;
