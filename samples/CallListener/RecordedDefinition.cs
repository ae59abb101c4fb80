using EventCalls.Bus.Client;
using MassTransit;

namespace CallListener;

/// <summary>Binds the end point of <see cref="RecordedConsumer"/> to what goes to the recorder.</summary>
internal sealed class RecordedDefinition : ConsumerDefinition<RecordedConsumer>
{
    /// <inheritdoc/>
    protected override void ConfigureConsumer(
        IReceiveEndpointConfigurator endpointConfigurator, IConsumerConfigurator<RecordedConsumer> consumerConfigurator, IRegistrationContext context)
    {
        if (endpointConfigurator is IRabbitMqReceiveEndpointConfigurator rabbit)
            rabbit.BindEverythingRecorded();
    }
}
