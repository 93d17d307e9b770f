#!/bin/bash
# A small internet of network namespaces: two hosts, each behind its own NAT box, and the public net between them. Needs root.
#
#   hostA 10.0.1.2 -- natA (10.0.1.1 | 198.51.100.2) -- pub (198.51.100.1, 192.0.2.1, 203.0.113.1) -- natB (203.0.113.2 | 10.0.2.1) -- hostB 10.0.2.2
#
# IPv6 is routed end to end, with a stateful firewall on each NAT box: hostA 2001:db8:a::2, hostB 2001:db8:b::2, pub 2001:db8:ff::1.
#
# Every name begins with a prefix, the first argument, so that several of these worlds stand side by side:
#   netns.sh PREFIX up | down
#   netns.sh PREFIX nat A|B cone|symmetric       port-preserving and the same for every destination, or another random port for each destination
#   netns.sh PREFIX block-udp A|B                nothing but TCP passes this NAT box, as in some companies
#   netns.sh PREFIX block-ipv6                   hosts reach each other and the public net by IPv4 only
#   netns.sh PREFIX block-direct                 packets between the two NAT boxes are lost; both still reach the public net
#   netns.sh PREFIX unblock                      undoes all the blocking
set -euo pipefail

# Where not every user's PATH leads.
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin

prefix=$1
command=$2
spaces=(pub natA natB hostA hostB)

# Runs a command in one of the namespaces.
in_space() {
  local space=$1
  shift
  ip netns exec "$prefix-$space" "$@"
}

# Runs iptables commands for IPv4 and IPv6.
both_tables() {
  local space=$1
  shift
  in_space "$space" iptables "$@"
  in_space "$space" ip6tables "$@"
}

set_nat() {
  local box=nat$1 flags=()
  case $2 in
    cone) ;;
    symmetric) flags=(--random) ;;
    *) echo "unknown kind of NAT: $2" >&2; return 2 ;;
  esac
  in_space "$box" iptables -t nat -F POSTROUTING
  in_space "$box" iptables -t nat -A POSTROUTING -o ext -j MASQUERADE "${flags[@]}"
  # What is under way keeps its old mapping otherwise.
  in_space "$box" conntrack -F 2>/dev/null || true
}

# The host, its NAT box, and the NAT box's leg into the public net.
make_site() { # A|B, number of the private net, public /24, names of the site's own and of its public IPv6 net
  local site=$1 private=10.0.$2 public=$3 own6=2001:db8:$4 public6=2001:db8:$5
  local host=host$site box=nat$site
  ip link add name eth0 netns "$prefix-$host" type veth peer name int netns "$prefix-$box"
  ip link add name ext netns "$prefix-$box" type veth peer name "to$site" netns "$prefix-pub"

  in_space "$host" ip addr add "$private.2/24" dev eth0
  in_space "$host" ip addr add "${own6}::2/64" dev eth0 nodad
  in_space "$host" ip link set eth0 up
  in_space "$box" ip addr add "$private.1/24" dev int
  in_space "$box" ip addr add "${own6}::1/64" dev int nodad
  in_space "$box" ip link set int up
  in_space "$box" ip addr add "$public.2/24" dev ext
  in_space "$box" ip addr add "${public6}::2/64" dev ext nodad
  in_space "$box" ip link set ext up
  in_space pub ip addr add "$public.1/24" dev "to$site"
  in_space pub ip addr add "${public6}::1/64" dev "to$site" nodad
  in_space pub ip link set "to$site" up

  in_space "$host" ip route add default via "$private.1"
  in_space "$host" ip -6 route add default via "${own6}::1"
  in_space "$box" ip route add default via "$public.1"
  in_space "$box" ip -6 route add default via "${public6}::1"
  in_space pub ip -6 route add "${own6}::/64" via "${public6}::2"

  in_space "$box" sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1
  # A packet that nobody asked for must be dropped before conntrack confirms it, or it takes the mapped port and hole punching fails.
  in_space "$box" iptables -A INPUT -i ext -p udp -j DROP
  both_tables "$box" -A FORWARD -i ext -m conntrack --ctstate NEW -j DROP
  both_tables "$box" -N BLOCK
  both_tables "$box" -I FORWARD -j BLOCK
  set_nat "$site" cone
}

up() {
  for space in "${spaces[@]}"; do
    ip netns add "$prefix-$space"
    in_space "$space" ip link set lo up
    in_space "$space" sysctl -qw net.ipv6.conf.all.accept_dad=0 net.ipv6.conf.default.accept_dad=0
  done
  in_space pub sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1
  both_tables pub -N BLOCK
  both_tables pub -A FORWARD -j BLOCK
  make_site A 1 198.51.100 a 1
  make_site B 2 203.0.113 b 2
  in_space pub ip addr add 192.0.2.1/32 dev lo
  in_space pub ip addr add 2001:db8:ff::1/128 dev lo nodad
  # A default route into nowhere: coturn 4.6 drops a whole allocation when sending to a private address fails with ENETUNREACH instead of being lost.
  # A veth without ARP does it, as not every kernel has dummy devices.
  in_space pub ip link add nowhere type veth peer name nowhere2
  in_space pub ip link set nowhere arp off
  in_space pub ip link set nowhere up
  in_space pub ip link set nowhere2 up
  in_space pub ip route add default dev nowhere
  in_space pub ip -6 route add default dev nowhere
}

down() {
  for space in "${spaces[@]}"; do ip netns del "$prefix-$space" 2>/dev/null || true; done
}

case $command in
  up) up ;;
  down) down ;;
  nat) set_nat "$3" "$4" ;;
  block-udp) both_tables "nat$3" -A BLOCK -p udp -j DROP ;;
  block-ipv6) in_space pub ip6tables -A BLOCK -j DROP ;;
  block-direct)
    in_space pub iptables -A BLOCK -s 198.51.100.0/24 -d 203.0.113.0/24 -j DROP
    in_space pub iptables -A BLOCK -d 198.51.100.0/24 -s 203.0.113.0/24 -j DROP
    in_space pub ip6tables -A BLOCK -j DROP
    ;;
  unblock) for space in pub natA natB; do both_tables "$space" -F BLOCK; done ;;
  *) echo "unknown command: $command" >&2; exit 2 ;;
esac
