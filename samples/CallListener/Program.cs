using CallListener;
using EventCalls.Bus.Client;
using EventCalls.Contracts;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

// CallListener amqp://user:password@host/ [recorded|raw]
//
// Tells of the transfers that were done. With "recorded" of every event instead, also of those that are not published one by one; with "raw" without our package: a plain
// MassTransit that reads bare JSON.
if (args.Length is 0 or > 2 || !Uri.TryCreate(args[0], UriKind.Absolute, out var broker))
{
    Console.Error.WriteLine("usage: CallListener amqp://user:password@host/ [recorded|raw]");
    return 2;
}
string way = args.Length > 1 ? args[1] : "";

var builder = Host.CreateApplicationBuilder();
builder.Logging.SetMinimumLevel(LogLevel.Warning);
builder.Services.AddMassTransit(bus =>
{
    bus.SetKebabCaseEndpointNameFormatter();
    if (way == "recorded")
        bus.AddConsumer<RecordedConsumer, RecordedDefinition>();
    else
        bus.AddConsumer<TransferCompletedConsumer>();
    bus.UsingRabbitMq((context, rabbit) =>
    {
        rabbit.Host(broker);
        if (way == "raw")
        {
            rabbit.UseRawJsonDeserializer();
            rabbit.Publish<CallEvent>(p => p.Exclude = true);
        }
        else
        {
            rabbit.UseEventCalls();
        }
        rabbit.ConfigureEndpoints(context);
    });
});
builder.Services.Configure<MassTransitHostOptions>(o => o.WaitUntilStarted = true);

using var host = builder.Build();
await host.StartAsync();
Console.WriteLine("listening");
await host.WaitForShutdownAsync();
return 0;
