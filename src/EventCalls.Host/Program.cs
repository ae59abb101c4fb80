using EventCalls.Host.Commands;

return await CommandLine.RunAsync(args, Environment.CurrentDirectory, Console.Out, Console.Error, TimeProvider.System);
