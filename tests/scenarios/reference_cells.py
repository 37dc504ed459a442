"""The Python that users have in their notes, cell by cell, with the bundled model in place of theirs.

Each cell is the note's own calls under their own names; ``check`` is what must hold after it.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Cell:
    title: str
    code: str
    check: str = ""


LOAD_AND_GENERATE = Cell(
    "load a model and generate",
    """
from mm_orch.runtime.real_model_manager import RealModelManager
from mm_orch.runtime.model_loader import ModelConfig
from mm_orch.runtime.inference_engine import InferenceEngine, GenerationConfig

# 创建模型管理器
manager = RealModelManager(max_cached_models=3)

# 配置模型
config = ModelConfig(
    model_name="smollm2-135m",
    model_type="gpt2",
    device="auto",
    dtype="fp32"
)

# 加载模型
loaded_model = manager.load_model(config)

# 创建推理引擎
engine = InferenceEngine(
    model=loaded_model.model,
    tokenizer=loaded_model.tokenizer,
    device=loaded_model.device
)

# 生成文本
gen_config = GenerationConfig(
    max_new_tokens=100,
    temperature=0.7,
    top_p=0.9
)

result = engine.generate("Hello, how are you?", config=gen_config)
print(result.text)
""",
    "assert isinstance(result.text, str) and result.usage.completion_tokens <= 100",
)

STREAM = Cell(
    "stream",
    """
# 流式生成
for chunk in engine.generate_stream("Tell me a story", config=gen_config):
    print(chunk, end="", flush=True)
""",
    "assert isinstance(chunk, str)",
)

BATCH = Cell(
    "batch",
    """
# 批量生成
prompts = ["Hello!", "What is AI?", "Tell me a joke"]
results = engine.batch_generate(prompts, config=gen_config)

for result in results:
    print(f"Output: {result.text}")
    print(f"Tokens/s: {result.tokens_per_second:.1f}")
""",
    "assert len(results) == 3 and [r.rendered for r in results] == prompts",
)

CONVERSATION = Cell(
    "several turns",
    """
from mm_orch.runtime.conversation import ConversationManager

# 创建对话管理器
conv = ConversationManager(
    model_type="qwen-chat",
    max_history_tokens=4096,
    system_prompt="你是一个有帮助的AI助手。"
)

# 添加对话
conv.add_user_input("你好！")
prompt = conv.build_prompt()

# 生成回复
result = engine.generate(prompt, config=gen_config)
conv.add_assistant_response(result.text)

# 继续对话
conv.add_user_input("你能做什么？")
prompt = conv.build_prompt()
result = engine.generate(prompt, config=gen_config)
""",
    'assert "你好！" in result.rendered and "你能做什么？" in result.rendered',
)

SEARCH_QA = Cell(
    "SearchQA",
    """
from mm_orch.workflows.search_qa import SearchQAWorkflow

workflow = SearchQAWorkflow(
    inference_engine=engine,
    use_real_models=True,
    language="zh"
)

result = workflow.execute({"query": "什么是深度学习？"})
print(result.result)
""",
    "assert isinstance(result.result, str) and result.result and result.workflow == 'search_qa'",
)

LESSON_PACK = Cell(
    "LessonPack",
    """
from mm_orch.workflows.lesson_pack import LessonPackWorkflow

workflow = LessonPackWorkflow(
    inference_engine=engine,
    use_real_models=True
)

result = workflow.execute({
    "topic": "Python基础",
    "difficulty": "beginner",
    "num_exercises": 3,
    "language": "zh"
})

print(result.result["plan"])
print(result.result["explanation"])
""",
    'assert isinstance(result.result, dict) and len(result.result["exercises"]) == 3',
)

CHAT_GENERATE = Cell(
    "ChatGenerate",
    """
from mm_orch.workflows.chat_generate import ChatGenerateWorkflow
from mm_orch.runtime.conversation import ConversationManager

conv_manager = ConversationManager(model_type="gpt2")

workflow = ChatGenerateWorkflow(
    inference_engine=engine,
    conversation_manager=conv_manager,
    use_real_models=True,
    model_type="gpt2"
)

result = workflow.execute({
    "message": "你好！",
    "session_id": "my-session"
})

print(result.result)
""",
    'assert isinstance(result.result, str) and conv_manager.messages[0].content == "你好！"',
)

SWITCH_DEVICE = Cell(
    "switch the device",
    """
# 将模型从GPU移到CPU
manager.switch_device("smollm2-135m", "cpu")

# 将模型从CPU移到GPU
manager.switch_device("smollm2-135m", "cuda")
""",
    'assert engine.generate("Hi", max_tokens=1) and "smollm2-135m" in manager.loaded_models()',
)

DEVICES = Cell(
    "ask for the devices",
    """
# 自动检测最佳设备
capabilities = engine.get_device_capabilities()
print(f"Metal支持: {capabilities['metal_support']}")
print(f"推荐设备: {capabilities['recommended_device']}")
""",
)

PULL = Cell(
    "pull a model and complete a chat with its file",
    """
model_path = manager.pull_model("microsoft/Phi-3-mini-4k-instruct-gguf")

# 类似 OpenAI API 的聊天补全
result = engine.chat_completion(
    model_path=model_path,
    messages=[
        {"role": "user", "content": "Hello!"}
    ],
    max_tokens=100
)
""",
    'assert isinstance(result["choices"][0]["message"]["content"], str)',
)

GENERATE_TEXT = Cell(
    "generate_text",
    """
from mm_orch import generate_text

text = generate_text(
    model_name="smollm2-135m",
    prompt="Hello",
    max_tokens=100,
    temperature=0.7,
    top_p=0.9,
    top_k=40,
    repeat_penalty=1.1
)
""",
    "assert isinstance(text, str)",
)

CHAT_LOOP = Cell(
    "the chat loop",
    '''
def handle_stream_output(output):
    """
    处理流式输出，将生成的内容逐步打印出来，并收集完整的回复。
    """
    response = ""
    for chunk in output:
        delta = chunk['choices'][0]['delta']
        if 'role' in delta:
            print(f"{delta['role']}: ", end='', flush=True)
        elif 'content' in delta:
            content = delta['content']
            print(content, end='', flush=True)
            response += content
    return response

class ChatSession:
    def __init__(self, llm):
        self.llm = llm
        self.messages = []

    def add_message(self, role, content):
        self.messages.append({"role": role, "content": content})

    def get_response_stream(self, user_input):
        self.add_message("user", user_input)

        try:
            output = self.llm.chat_completion(
                messages=self.messages,
                stream=True  # 开启流式输出
            )

            response = handle_stream_output(output)  # 同时打印和收集回复

            self.add_message("assistant", response.strip())
            return response.strip()
        except Exception as e:
            print(f"\\n发生错误: {e}")
            return ""

llm = InferenceEngine()

# 创建会话实例
chat = ChatSession(llm)

# 开始对话
while True:
    prompt = input("User: ")
    # 退出对话条件（当然，你也可以直接终止代码块）
    if prompt.lower() in ["exit", "quit", "bye"]:
        print("Goodbye!")
        break
    chat.get_response_stream(prompt)
    print()  # 换行以便下一次输入，这是因为之前的 print 都设置了 end=''
''',
    'assert [m["role"] for m in chat.messages] == ["user", "assistant"] * 2 and chat.messages[1]["content"]',
)

UNLOAD = Cell(
    "unload",
    """
# 卸载特定模型
manager.unload_model("smollm2-135m")

# 清空所有缓存
manager.clear_cache()
""",
    "assert manager.loaded_models() == []",
)

CACHE = Cell(
    "a cache with a threshold",
    """
manager = RealModelManager(
    max_cached_models=3,  # 最多缓存3个模型
    memory_threshold=0.8  # GPU内存使用超过80%时触发卸载
)
""",
    "assert manager.list_models()",
)

CELLS = (
    LOAD_AND_GENERATE,
    STREAM,
    BATCH,
    CONVERSATION,
    SEARCH_QA,
    LESSON_PACK,
    CHAT_GENERATE,
    DEVICES,
    PULL,
    GENERATE_TEXT,
    CHAT_LOOP,
    SWITCH_DEVICE,
    UNLOAD,
    CACHE,
)
SAID_IN_THE_LOOP = ("Hello! My name is Ada.", "What can you do?", "exit")
