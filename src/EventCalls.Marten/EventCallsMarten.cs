using JasperFx;
using JasperFx.Events;
using JasperFx.Events.Projections;
using JasperFx.MultiTenancy;
using Marten;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Npgsql;

namespace EventCalls.Marten;

/// <summary>Opens the event store of EventCalls in another .NET application, with Marten.</summary>
public static class EventCallsMarten
{
    /// <summary>Adds a Marten document store over the database of EventCalls: the recorded events by their stored names, their JSON, and <see cref="CallRecord"/> as a live aggregate.</summary>
    /// <remarks>
    /// What is returned is Marten's own, so that <c>.AddAsyncDaemon(DaemonMode.HotCold)</c>, <c>.AddProjectionWithServices…</c> and <c>.AddSubscriptionWithServices…</c> follow as they always do.
    /// Tables are not changed unless <paramref name="configure"/> allows it (<see cref="StoreOptions.AutoCreateSchemaObjects"/>), and those of the recorder never: they are no part of this store's schema
    /// but for Marten's own. A session that appends an event which only EventCalls records does not save.
    /// </remarks>
    /// <param name="services">The application's services.</param>
    /// <param name="connectionString">An Npgsql connection string; the first schema of its <c>Search Path</c> is where the events are, <c>public</c> without one.</param>
    /// <param name="configure">What the application has of its own: projections, subscriptions, events, documents.</param>
    /// <exception cref="ArgumentException">The connection string is none.</exception>
    public static MartenServiceCollectionExtensions.MartenConfigurationExpression AddEventCallsMarten(
        this IServiceCollection services, string connectionString, Action<StoreOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        string? schema = MartenOptions.SchemaOf(Settings(connectionString));
        return services.AddMarten(options =>
        {
            options.Connection(connectionString);
            if (schema is not null)
                options.DatabaseSchemaName = schema;
            options.Events.DatabaseSchemaName = options.DatabaseSchemaName;
            options.AutoCreateSchemaObjects = AutoCreate.None;
            AddEvents(options);
            configure?.Invoke(options);
            Finish(options);
        }).GoOnAfterStops();
    }

    /// <summary>The same for an application that calls <c>AddMarten</c> itself: the recorded events, their JSON, and <see cref="CallRecord"/>. Call it last of what sets up <paramref name="options"/>.</summary>
    /// <remarks>Tables of the events are changed by nobody but the recorder: leave <see cref="StoreOptions.AutoCreateSchemaObjects"/> at <see cref="AutoCreate.None"/>, or give your documents a schema of their own.</remarks>
    /// <param name="options">The application's options, with the connection and <see cref="StoreOptions.DatabaseSchemaName"/>.</param>
    /// <param name="schema">The PostgreSQL schema where the events are.</param>
    /// <exception cref="InvalidOperationException">An option would shape the tables of the recorded events otherwise.</exception>
    public static StoreOptions UseEventCalls(this StoreOptions options, string schema = "public")
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Events.DatabaseSchemaName = schema;
        AddEvents(options);
        Finish(options);
        return options;
    }

    /// <summary>Lets projections and subscriptions of the daemon go on that Marten has stopped because PostgreSQL died in the middle of a commit; <see cref="AddEventCallsMarten"/> has it.</summary>
    /// <param name="marten">What <c>AddMarten</c> returned.</param>
    public static MartenServiceCollectionExtensions.MartenConfigurationExpression GoOnAfterStops(this MartenServiceCollectionExtensions.MartenConfigurationExpression marten)
    {
        ArgumentNullException.ThrowIfNull(marten);
        marten.Services.TryAddSingleton(TimeProvider.System);
        marten.Services.AddHostedService<StoppedShards>();
        return marten;
    }

    private static void AddEvents(StoreOptions options)
    {
        MartenOptions.AddEvents(options);
        options.Listeners.Add(new RecordedEventsGuard());
    }

    private static void Finish(StoreOptions options)
    {
        MustLeaveTablesAlone(options);

        // An application may keep the records as documents instead; it then has registered the projection itself.
        if (!options.Projections.All.Any(projection => projection.PublishedTypes().Contains(typeof(CallRecord))))
            options.Projections.Add(new CallRecordProjection(), ProjectionLifecycle.Live);
    }

    // Marten would make the tables of the events anew to fit such options, and lose the sequence of their positions on the way.
    private static void MustLeaveTablesAlone(StoreOptions options)
    {
        string? changed = options.Events.UseArchivedStreamPartitioning ? nameof(options.Events.UseArchivedStreamPartitioning)
            : options.Events.StreamIdentity != StreamIdentity.AsGuid ? nameof(options.Events.StreamIdentity)
            : options.Events.TenancyStyle != TenancyStyle.Single ? nameof(options.Events.TenancyStyle)
            : null;
        if (changed is not null)
            throw new InvalidOperationException($"options.Events.{changed} is not as the recorder has it: it shapes the tables of the recorded events, which are not this application's. Leave it as it is.");
    }

    private static NpgsqlConnectionStringBuilder Settings(string connectionString)
    {
        const string Right = "right would be such as Host=127.0.0.1;Port=5432;Username=analytics;Password=…;Database=eventcalls.";
        NpgsqlConnectionStringBuilder settings;
        try
        {
            settings = new NpgsqlConnectionStringBuilder(connectionString);
        }
        catch (Exception e) when (e is ArgumentException or FormatException)
        {
            // The value itself may hold a password: it is not repeated.
            throw new ArgumentException($"That is no connection string of PostgreSQL: {e.Message.TrimEnd('.')}; {Right}", nameof(connectionString), e);
        }
        return string.IsNullOrWhiteSpace(settings.Host)
            ? throw new ArgumentException($"The connection string names no Host; {Right}", nameof(connectionString))
            : settings;
    }
}
