using System.Reflection;
using Xunit.Abstractions;
using Xunit.Sdk;

[assembly: TestFramework("EventCalls.Containers.Tests.Engine.ContainerTestFramework", "EventCalls.Containers.Tests")]
[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace EventCalls.Containers.Tests.Engine;

/// <summary>Runs this assembly's tests when there is a Docker engine; without one it skips each by its name, and says why.</summary>
/// <remarks>The tests are those of other assemblies over other servers: none of them can carry the condition itself.</remarks>
public sealed class ContainerTestFramework(IMessageSink messages) : XunitTestFramework(messages)
{
    /// <inheritdoc/>
    protected override ITestFrameworkExecutor CreateExecutor(AssemblyName assemblyName) =>
        DockerEngine.Missing is { } reason
            ? new SkippingExecutor(assemblyName, SourceInformationProvider, DiagnosticMessageSink, reason)
            : base.CreateExecutor(assemblyName);

    private sealed class SkippingExecutor(AssemblyName name, ISourceInformationProvider sources, IMessageSink messages, string reason)
        : XunitTestFrameworkExecutor(name, sources, messages)
    {
        // xunit is told of the end by the runner's messages.
        protected override void RunTestCases(IEnumerable<IXunitTestCase> testCases, IMessageSink executionMessageSink, ITestFrameworkExecutionOptions executionOptions) =>
            _ = RunAsync([.. testCases.Select(Skipped)], executionMessageSink, executionOptions);

        private async Task RunAsync(IXunitTestCase[] tests, IMessageSink executionMessageSink, ITestFrameworkExecutionOptions executionOptions)
        {
            using var runner = new SkippingRunner(TestAssembly, tests, DiagnosticMessageSink, executionMessageSink, executionOptions);
            await runner.RunAsync();
        }

        private SkippedTest Skipped(IXunitTestCase test) => new(DiagnosticMessageSink, test.TestMethod, test.TestMethodArguments, reason);
    }

    // Makes no fixture: those start servers and programs.
    private sealed class SkippingRunner(
        ITestAssembly assembly, IEnumerable<IXunitTestCase> tests, IMessageSink diagnostics, IMessageSink messages, ITestFrameworkExecutionOptions options)
        : XunitTestAssemblyRunner(assembly, tests, diagnostics, messages, options)
    {
        protected override async Task<RunSummary> RunTestCollectionAsync(
            IMessageBus messageBus, ITestCollection testCollection, IEnumerable<IXunitTestCase> testCases, CancellationTokenSource cancellationTokenSource)
        {
            var summary = new RunSummary();
            foreach (var test in testCases)
                summary.Aggregate(await test.RunAsync(DiagnosticMessageSink, messageBus, [], new ExceptionAggregator(Aggregator), cancellationTokenSource));
            return summary;
        }
    }

    private sealed class SkippedTest : XunitTestCase
    {
        private readonly string _reason = "";

        /// <summary>For xunit alone, which could not tell another process of this test without it.</summary>
        [Obsolete("Made by xunit when it reads one that another process wrote.")]
        public SkippedTest()
        {
        }

        public SkippedTest(IMessageSink messages, ITestMethod method, object[]? arguments, string reason)
            : base(messages, TestMethodDisplay.ClassAndMethod, TestMethodDisplayOptions.None, method, arguments) => _reason = reason;

        protected override string GetSkipReason(IAttributeInfo factAttribute) => _reason;
    }
}
