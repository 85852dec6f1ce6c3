using System.Runtime.InteropServices;

namespace Sagitta.Core.Files;

/// <summary>What the base library does not tell of a file: whether it is plain, and writing to an open descriptor as it stands.</summary>
internal static partial class PosixFile
{
    private const int CurrentFolder = -100;
    private const uint TypeWanted = 1;
    private const int ModePlace = 28;
    private const int TypeMask = 0xF000;
    private const int Plain = 0x8000;
    private const int Folder = 0x4000;
    private const int Interrupted = 4;
    private const int TryAgain = 11;

    /// <summary>Whether a name leads, through links, to something that is neither a plain file nor a folder nor missing: a FIFO, a device,
    /// a descriptor.</summary>
    public static bool IsSpecial(string path)
    {
        if (DescriptorOf(path) is not null)
        {
            return true;
        }

        if (!OperatingSystem.IsLinux())
        {
            return path.StartsWith("/dev/", StringComparison.Ordinal);
        }

        byte[] status = new byte[256];
        return Statx(CurrentFolder, path, 0, TypeWanted, status) == 0
            && (BitConverter.ToUInt16(status, ModePlace) & TypeMask) is not (Plain or Folder);
    }

    /// <summary>The number of the descriptor that a name such as /dev/stdout or /dev/fd/3 means; null of other names.</summary>
    public static int? DescriptorOf(string path) => path switch
    {
        _ when OperatingSystem.IsWindows() => null,
        "/dev/stdout" => 1,
        "/dev/stderr" => 2,
        _ => ((string[])["/dev/fd/", "/proc/self/fd/"]).Select(folder => path.StartsWith(folder, StringComparison.Ordinal)
            && NumberText.TryRead(path.AsSpan(folder.Length), out int number) && number >= 0
            ? number : (int?)null).FirstOrDefault(number => number is not null),
    };

    /// <summary>Writes to an open descriptor, where its position is.</summary>
    /// <exception cref="IOException">The system refused; the code of the error is its HResult.</exception>
    public static void Write(int descriptor, ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            nint written = WriteSome(descriptor, ref MemoryMarshal.GetReference(bytes), bytes.Length);
            int problem = written < 0 ? Marshal.GetLastPInvokeError() : 0;
            if (problem == TryAgain)
            {
                Thread.Sleep(1);
            }
            else if (problem is not (0 or Interrupted))
            {
                throw new IOException(Marshal.GetPInvokeErrorMessage(problem), problem);
            }

            bytes = bytes[(int)Math.Max(written, 0)..];
        }
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Statx(int folder, string path, int flags, uint wanted, byte[] status);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint WriteSome(int descriptor, ref byte bytes, nint count);
}
