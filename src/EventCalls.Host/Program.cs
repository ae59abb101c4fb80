using EventCalls.Host.Commands;
using EventCalls.Routing.Deciders.Child;

// Before all else: a decider is started while a call waits for it.
if (args is [DeciderProgram.Command, .. var decider])
    return DeciderProgram.Run(decider);

return await CommandLine.RunAsync(args, Environment.CurrentDirectory, Console.Out, Console.Error, TimeProvider.System);
