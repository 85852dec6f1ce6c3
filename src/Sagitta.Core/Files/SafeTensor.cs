using System.Collections.Immutable;

namespace Sagitta.Core.Files;

/// <summary>One tensor of a safetensors file.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its element type: F32, F64, I32, I64 or U8 can be read.</param>
/// <param name="Shape">Lengths of its axes; empty for a scalar.</param>
/// <param name="Begin">First byte after the header.</param>
/// <param name="End">Byte after the last one.</param>
internal sealed record SafeTensor(string Name, string Type, ImmutableArray<long> Shape, long Begin, long End)
{
    /// <summary>The format's name of a .NET number type.</summary>
    internal static string TypeOf<T>()
        where T : unmanaged => System.Type.GetTypeCode(typeof(T)) switch
        {
            TypeCode.Single => "F32",
            TypeCode.Double => "F64",
            TypeCode.Int32 => "I32",
            TypeCode.Int64 => "I64",
            TypeCode.Byte => "U8",
            _ => throw new NotSupportedException(
                $"{typeof(T).Name} is no element type of safetensors files here: use float, double, int, long or byte."),
        };

    /// <summary>Bytes of an element, 0 if the type is unknown.</summary>
    internal static int SizeOf(string type) => type switch
    {
        "F64" or "I64" or "U64" => 8,
        "F32" or "I32" or "U32" => 4,
        "F16" or "BF16" or "I16" or "U16" => 2,
        "U8" or "I8" or "BOOL" => 1,
        _ => 0,
    };
}
