using System.Diagnostics;

namespace Sagitta.Mutation;

/// <summary>A process that runs tests over the changed core, started again after each end.</summary>
/// <param name="folder">The tests, the changed core and this program.</param>
/// <param name="mutants">Numbers of mutants, from 0 to below this.</param>
/// <param name="tests">Folders of tests, with dots.</param>
internal sealed class WorkerProcess(string folder, int mutants, string[] tests) : IDisposable
{
    private Process? _process;

    /// <summary>Whether the next question goes to a process that has answered none.</summary>
    public bool IsFresh => _process is null;

    /// <summary>The answer to a line; null where the process ended without one.</summary>
    public string? Ask(string line)
    {
        _process ??= Start();
        try
        {
            _process.StandardInput.WriteLine(line);
            _process.StandardInput.Flush();
        }
        catch (IOException)
        {
            // It has ended: reading tells.
        }

        string? answer = _process.StandardOutput.ReadLine();
        if (answer is null or "late")
        {
            End();
        }

        return answer;
    }

    /// <summary>Ends the process; the next question starts another.</summary>
    public void End()
    {
        if (_process is null)
        {
            return;
        }

        _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _process.Dispose();
        _process = null;
    }

    public void Dispose() => End();

    private Process Start()
    {
        string temporary = Path.Combine(folder, "temporary");
        Directory.CreateDirectory(temporary);
        string assembly = Path.Combine(folder, "Sagitta.Tests");
        ProcessStartInfo start = new("dotnet", ["exec", "--runtimeconfig", $"{assembly}.runtimeconfig.json", "--depsfile",
            $"{assembly}.deps.json",
            Path.Combine(folder, "Sagitta.Mutation.dll"), "work", mutants.ToString(CultureInfo.InvariantCulture), .. tests])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = temporary,
        };

        // A mutant that takes memory without end has 1.5 GB of it.
        start.Environment["DOTNET_GCHeapHardLimit"] = "60000000";
        start.Environment["DOTNET_gcConcurrent"] = "0";
        start.Environment["TMPDIR"] = temporary;
        Process process = Process.Start(start)!;
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        return process;
    }
}
