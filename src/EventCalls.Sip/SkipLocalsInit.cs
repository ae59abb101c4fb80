// Keys and numbers are built in stack buffers on the call path; clearing a kilobyte each time is work for nothing.
[module: System.Runtime.CompilerServices.SkipLocalsInit]
