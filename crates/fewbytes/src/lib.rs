//! fewbytes
