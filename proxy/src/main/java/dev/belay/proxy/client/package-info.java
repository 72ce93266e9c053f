/** The pool of proxies as a library: requests from Java, without a listener. */
@org.jspecify.annotations.NullMarked
package dev.belay.proxy.client;
