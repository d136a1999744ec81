using Shouldly;

namespace FaceAnonStream.Tests.Hosting;

/// <summary>Waits for what comes about by itself.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    /// <summary>Returns when the condition holds, and fails when it never does.</summary>
    public static async Task HoldsAsync(Func<bool> condition, Func<string>? otherwise = null)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            (TimeProvider.System.GetElapsedTime(began) < Patience).ShouldBeTrue(otherwise?.Invoke() ?? "it never came about");
            await Task.Delay(Pause);
        }
    }

    /// <summary>The task's result, and a failure when it takes forever.</summary>
    public static Task<T> EndsAsync<T>(Task<T> task) => task.WaitAsync(Patience);

    public static Task EndsAsync(Task task) => task.WaitAsync(Patience);
}
