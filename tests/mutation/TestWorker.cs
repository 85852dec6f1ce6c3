using System.Diagnostics;
using System.Reflection;
using System.Runtime.Loader;
using Xunit;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace Sagitta.Mutation;

/// <summary>
/// Runs tests over the changed core in its own process, told by lines of standard input:
/// <c>cover TEST</c> answers which mutants a test reaches and how long it takes, <c>run MUTANT TEST:MILLISECONDS ...</c> whether one of
/// them notices. Where a test takes longer than it may, the process ends: a thread can't be stopped.
/// </summary>
internal sealed class TestWorker
{
    // Those that start programs, need data or software, or take long.
    private static readonly string[] _traits = ["speed", "data", "install", "browser", "mpi"];

    private readonly TextWriter _answers;
    private readonly ITestFrameworkExecutor _executor;
    private readonly ITestCase[] _cases;
    private readonly FieldInfo _active;
    private readonly FieldInfo _seen;
    private readonly FieldInfo _reached;
    private double _processorDeadline = double.MaxValue;
    private long _deadline = long.MaxValue;

    // The first line already counts: what is computed once in the process is then computed with the mutant.
    private TestWorker(TextWriter answers, string[] folders, string? first)
    {
        _answers = answers;
        Assembly assembly = Assembly.Load("Sagitta.Tests");
        Type type = AssemblyLoadContext.Default.LoadFromAssemblyPath(
            Path.Combine(AppContext.BaseDirectory, $"{SourceMutator.Assembly}.dll"))
            .GetType("Sagitta.Mutation.MutantSwitch", throwOnError: true)!;
        (_active, _seen, _reached) = (type.GetField("Active")!, type.GetField("Seen")!, type.GetField("Reached")!);
        if (first?.Split(' ') is ["run", string mutant, ..])
        {
            _active.SetValue(null, Number(mutant));
        }

        XunitTestFramework framework = new(new Answers());
        using Answers found = new();
        using (ITestFrameworkDiscoverer discoverer = framework.GetDiscoverer(Reflector.Wrap(assembly)))
        {
            discoverer.Find(includeSourceInformation: false, found, Settings());
            found.Wait();
        }

        _cases = [.. found.Cases.Where(test => May(test, folders)).OrderBy(test => test.UniqueID, StringComparer.Ordinal)];
        _executor = framework.GetExecutor(assembly.GetName());
    }

    /// <summary>Answers until the input ends.</summary>
    /// <param name="mutants">Numbers of mutants, from 0 to below this.</param>
    /// <param name="folders">Folders of tests, with dots.</param>
    public static void Answer(int mutants, string[] folders)
    {
        using StreamWriter answers = new(Console.OpenStandardOutput()) { AutoFlush = true };
        Console.SetOut(TextWriter.Null);
        Console.SetError(TextWriter.Null);
        string? line = Console.ReadLine();
        TestWorker worker = new(answers, folders, line);
        new Thread(worker.Watch) { IsBackground = true }.Start();
        for (; line is not null; line = Console.ReadLine())
        {
            string[] words = line.Split(' ');
            answers.WriteLine(words[0] switch
            {
                "tests" => string.Join('\t', worker._cases.Select(test => test.DisplayName.ReplaceLineEndings(" ").Replace('\t', ' '))),
                "cover" => worker.Cover(Number(words[1]), mutants),
                _ => worker.Run(Number(words[1]), words.AsSpan(2)),
            });
        }
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private static double ProcessorMilliseconds() => Environment.CpuUsage.TotalTime.TotalMilliseconds;

    private static bool May(ITestCase test, string[] folders) => !_traits.Any(test.Traits.ContainsKey) && Array.Exists(folders,
        folder => $"{test.TestMethod.TestClass.Class.Name}.".StartsWith($"Sagitta.Tests.{folder}.", StringComparison.Ordinal));

    private static TestSettings Settings()
    {
        TestSettings settings = new();
        settings.SetValue("xunit.execution.DisableParallelization", (bool?)true);
        settings.SetValue("xunit.execution.SynchronousMessageReporting", (bool?)true);
        settings.SetValue("xunit.discovery.SynchronousMessageReporting", (bool?)true);
        settings.SetValue("xunit.discovery.PreEnumerateTheories", (bool?)true);
        return settings;
    }

    private string Cover(int test, int mutants)
    {
        bool[] seen = new bool[mutants];
        _seen.SetValue(null, seen);
        double start = ProcessorMilliseconds();
        bool passed = Passes(test, 60_000);
        double milliseconds = ProcessorMilliseconds() - start;
        _seen.SetValue(null, null);
        return string.Create(CultureInfo.InvariantCulture,
            $"{(passed ? "passed" : "failed")} {milliseconds:F0} {string.Join(' ', Enumerable.Range(0, mutants).Where(m => seen[m]))}");
    }

    // A test that notices must pass again without the mutant: else what an earlier one left behind is what it notices.
    private string Run(int mutant, ReadOnlySpan<string> tests)
    {
        _reached.SetValue(null, false);
        foreach (string word in tests)
        {
            int colon = word.IndexOf(':', StringComparison.Ordinal);
            (int test, int most) = (Number(word[..colon]), Number(word[(colon + 1)..]));
            _active.SetValue(null, mutant);
            bool passed = Passes(test, most);
            _active.SetValue(null, -1);
            if (!passed)
            {
                return $"{(Passes(test, most) ? "failed" : "spoiled")} {test}";
            }
        }

        return (bool)_reached.GetValue(null)! ? "survived" : "unreached";
    }

    private bool Passes(int test, int milliseconds)
    {
        using Answers outcome = new();
        Volatile.Write(ref _processorDeadline, ProcessorMilliseconds() + milliseconds);
        Volatile.Write(ref _deadline, Environment.TickCount64 + (20L * milliseconds));
        _executor.RunTests([_cases[test]], outcome, Settings());
        outcome.Wait();
        Volatile.Write(ref _deadline, long.MaxValue);
        Volatile.Write(ref _processorDeadline, double.MaxValue);
        return outcome.Passed;
    }

    // Processor time, which other programs do not lengthen; a clock for those that wait for ever.
    private void Watch()
    {
        while (ProcessorMilliseconds() < Volatile.Read(ref _processorDeadline) && Environment.TickCount64 < Volatile.Read(ref _deadline))
        {
            Thread.Sleep(100);
        }

        _answers.WriteLine("late");
        Process.GetCurrentProcess().Kill();
    }
}

/// <summary>What the test framework tells: the cases that it finds, or how they end.</summary>
internal sealed class Answers : LongLivedMarshalByRefObject, IMessageSink, IDisposable
{
    private readonly ManualResetEventSlim _ended = new();
    private bool _failed;
    private int _ran;

    public List<ITestCase> Cases { get; } = [];

    /// <summary>Whether at least one test ran and none failed.</summary>
    public bool Passed => !_failed && _ran > 0;

    public void Wait() => _ended.Wait();

    public void Dispose() => _ended.Dispose();

    public bool OnMessage(IMessageSinkMessage message)
    {
        switch (message)
        {
            case ITestCaseDiscoveryMessage found:
                Cases.Add(found.TestCase);
                break;
            case ITestPassed:
                _ran++;
                break;
            case IFailureInformation:
                _failed = true;
                break;
            case IDiscoveryCompleteMessage or ITestAssemblyFinished:
                _ended.Set();
                break;
            default:
                break;
        }

        return true;
    }
}

/// <summary>Settings of the test framework, by name.</summary>
internal sealed class TestSettings : ITestFrameworkDiscoveryOptions, ITestFrameworkExecutionOptions
{
    private readonly Dictionary<string, object?> _values = new(StringComparer.Ordinal);

    public TValue GetValue<TValue>(string name) => _values.TryGetValue(name, out object? value) && value is TValue typed ? typed : default!;

    public void SetValue<TValue>(string name, TValue value) => _values[name] = value;
}
