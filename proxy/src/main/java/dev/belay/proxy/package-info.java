/** A forward proxy and client over a pool of unreliable proxies. */
@org.jspecify.annotations.NullMarked
package dev.belay.proxy;
